//! 帮扶单位: an aid unit that buys.

use uuid::Uuid;

wire! {
    /// An aid unit.
    pub struct UnitOut {
        /// Its id.
        pub id: Uuid,
        /// Its code in the register: the unified social credit code (GB 32100, 18 characters).
        pub code: String,
        /// Its name.
        pub name: String,
        /// What kind of body it is.
        pub kind: UnitKind,
        /// Where goods are delivered by default.
        pub address: String,
        /// Days from delivery to payment: 30 for public bodies, 60 for firms.
        pub terms_days: i32,
        /// Invented for demonstration.
        pub demo: bool,
    }

    /// What kind of body a unit is.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum UnitKind {
        /// 机关.
        Government,
        /// 国企.
        StateFirm,
        /// 医院.
        Hospital,
        /// 学校.
        School,
        /// 其他.
        Other,
    }
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Government,
        Self::StateFirm,
        Self::Hospital,
        Self::School,
        Self::Other,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::StateFirm => "state_firm",
            Self::Hospital => "hospital",
            Self::School => "school",
            Self::Other => "other",
        }
    }

    /// The kind of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}
