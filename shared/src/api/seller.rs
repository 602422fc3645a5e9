//! 销售主体: the seller of record.

use uuid::Uuid;

wire! {
    /// A seller of record.
    pub struct SellerOut {
        /// Its id.
        pub id: Uuid,
        /// What it is.
        pub kind: SellerKind,
        /// Its name on invoices.
        pub name: String,
        /// The village it belongs to; `None` for the centre.
        pub village_code: Option<String>,
    }

    /// What a seller of record is; it drives invoice type and ledger.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum SellerKind {
        /// 村集体 (股份经济合作社).
        VillageCollective,
        /// 农民专业合作社.
        Coop,
        /// 绿食中心.
        Centre,
    }
}

impl SellerKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::VillageCollective, Self::Coop, Self::Centre];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VillageCollective => "village_collective",
            Self::Coop => "coop",
            Self::Centre => "centre",
        }
    }

    /// Whether no VAT is due on what it sells: farm produce that an agricultural producer grew itself is exempt
    /// (增值税法 art. 24 no. 1, in force since 2026-01-01; before it 增值税暂行条例 art. 15 no. 1; a co-op's sales of its
    /// members' own produce count as such, 财税〔2008〕81号). What the centre has bought and resells is not.
    #[must_use]
    pub const fn is_exempt(self) -> bool {
        match self {
            Self::VillageCollective | Self::Coop => true,
            Self::Centre => false,
        }
    }

    /// The kind of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}
