//! 导入: what came of a register file.

wire! {
    /// How full the registers are.
    pub struct RegisterCounts {
        /// Towns.
        pub towns: i64,
        /// Villages.
        pub villages: i64,
        /// Aided villages among them.
        pub aided: i64,
        /// Aid units.
        pub units: i64,
        /// Pairings that last.
        pub pairings: i64,
    }

    /// Which register a file fills. Headings are those of `Register::columns`, in Chinese or by their keys.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Register {
        /// Columns `town_code,town`.
        Towns,
        /// Columns `village_code,village,town_code`, optional `aided`, `target_yuan`.
        Villages,
        /// Columns `unit_code,unit,kind`, optional `address`, `terms_days`, `demo`.
        Units,
        /// Columns `unit_code,village_code,from`, optional `until`.
        Pairings,
        /// Columns `village_code,household`.
        Households,
        /// Co-ops that sell: columns `seller_code,seller,village_code`.
        Sellers,
        /// Kinds of produce: columns `slug,produce,category,price_unit,price_yuan,season`, optional `aliases`, `mark`.
        Produce,
        /// Columns `sign_in_name,person,role`, optional `unit_code`, `village_code`, `town_code`.
        People,
        /// Columns `village_code,produce,name,price_yuan,price_unit`, optional `grade`, `pack`, `min`, `step`, `seller_code`,
        /// `village_percent`, `story`, `harvested_on`, `lot`.
        Offers,
    }

    /// What an import did. A bad row never blocks the good ones.
    pub struct ImportOut {
        /// Rows read, without the heading.
        pub rows: u32,
        /// Rows that made something new.
        pub created: u32,
        /// Rows that changed something.
        pub updated: u32,
        /// Rows that said what is already known.
        pub unchanged: u32,
        /// Rows that were refused, in file order.
        pub bad: Vec<BadRow>,
    }

    /// A refused row.
    pub struct BadRow {
        /// The line in the file, counting the heading as line 1.
        pub line: u64,
        /// The column at fault, where one is.
        pub column: String,
        /// What stood there.
        pub value: String,
        /// Why.
        pub code: super::problem::FieldCode,
        /// The bound that was broken, where there is one, as text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub bound: Option<String>,
        /// The reason in the reader's language.
        #[serde(default)]
        pub detail: String,
    }
}

impl Register {
    /// Every register, in the order in which they must be filled.
    pub const ALL: [Self; 9] = [
        Self::Towns,
        Self::Villages,
        Self::Units,
        Self::Pairings,
        Self::Households,
        Self::Sellers,
        Self::Produce,
        Self::People,
        Self::Offers,
    ];

    /// The stable name, as in the path.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Towns => "towns",
            Self::Villages => "villages",
            Self::Units => "units",
            Self::Pairings => "pairings",
            Self::Households => "households",
            Self::Sellers => "sellers",
            Self::Produce => "produce",
            Self::People => "people",
            Self::Offers => "offers",
        }
    }

    /// The register of a path segment.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }

    /// The columns of the register's file.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Towns => TOWNS,
            Self::Villages => VILLAGES,
            Self::Units => UNITS,
            Self::Pairings => PAIRINGS,
            Self::Households => HOUSEHOLDS,
            Self::Sellers => SELLERS,
            Self::Produce => PRODUCE,
            Self::People => PEOPLE,
            Self::Offers => OFFERS,
        }
    }
}

/// A column of a register's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The stable name, which a heading may use.
    pub key: &'static str,
    /// The Chinese heading, which a heading may use as well.
    pub zh: &'static str,
    /// The heading in English.
    pub en: &'static str,
    /// Whether the file must have it.
    pub needed: bool,
    /// What stands in the example row.
    pub example: &'static str,
    /// How to fill it in.
    pub note: &'static str,
}

const fn needed(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    example: &'static str,
    note: &'static str,
) -> Column {
    Column {
        key,
        zh,
        en,
        needed: true,
        example,
        note,
    }
}

const fn maybe(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    example: &'static str,
    note: &'static str,
) -> Column {
    Column {
        needed: false,
        ..needed(key, zh, en, example, note)
    }
}

const TOWN_CODE: Column = needed("town_code", "乡镇代码", "Town code", "120119120", "9 位数字");
const VILLAGE_CODE: Column = needed(
    "village_code",
    "村代码",
    "Village code",
    "120119120214",
    "12 位数字，前 9 位是乡镇代码",
);
const UNIT_CODE: Column = needed(
    "unit_code",
    "单位代码",
    "Unit code",
    "91350100M000100Y43",
    "统一社会信用代码，18 位",
);

const TOWNS: &[Column] = &[
    TOWN_CODE,
    needed("town", "乡镇名称", "Town", "出头岭镇", "最多 40 字"),
];

const VILLAGES: &[Column] = &[
    VILLAGE_CODE,
    needed("village", "村名称", "Village", "官场村", "最多 40 字"),
    TOWN_CODE,
    maybe("aided", "帮扶村", "Aided", "是", "是 或 否；不填不改"),
    maybe(
        "target_yuan",
        "年度目标(元)",
        "Target of a year, yuan",
        "200000",
        "不填时新村为 200000",
    ),
];

const UNITS: &[Column] = &[
    UNIT_CODE,
    needed("unit", "单位名称", "Unit", "示例医院", "最多 80 字"),
    needed("kind", "类别", "Kind", "医院", "机关、国企、医院、学校、其他"),
    maybe(
        "address",
        "地址",
        "Address",
        "渔阳镇人民西大街 8 号",
        "默认收货地址，最多 200 字",
    ),
    maybe(
        "terms_days",
        "账期(天)",
        "Days to pay",
        "30",
        "1 到 60；不填时国企 60、其他 30",
    ),
    maybe("demo", "示例单位", "Invented", "", "示范数据才填 是"),
];

const PAIRINGS: &[Column] = &[
    UNIT_CODE,
    VILLAGE_CODE,
    needed("from", "开始日期", "From", "2026-01-01", "例如 2026-01-01"),
    maybe("until", "结束日期", "Until", "", "含这一天；仍在结对就不填"),
];

const HOUSEHOLDS: &[Column] = &[
    VILLAGE_CODE,
    needed(
        "household",
        "户主",
        "Household",
        "李某某",
        "村登记册里的户名，最多 30 字",
    ),
];

const SELLERS: &[Column] = &[
    needed(
        "seller_code",
        "统一社会信用代码",
        "Credit code",
        "91350100M000100Y43",
        "合作社的代码，18 位，最后一位会核对",
    ),
    needed(
        "seller",
        "名称",
        "Name",
        "示例种植专业合作社",
        "发票上的名称，最多 80 字",
    ),
    needed(
        "village_code",
        "村代码",
        "Village code",
        "120119120214",
        "所在村，12 位数字；登记后不能改",
    ),
];

const PRODUCE: &[Column] = &[
    needed(
        "slug",
        "代号",
        "Key",
        "crisp-pear",
        "2 到 40 个小写字母、数字或 -;登记后不能改",
    ),
    needed("produce", "品种", "Produce", "红香酥梨", "最多 20 字"),
    maybe(
        "aliases",
        "别名",
        "Other names",
        "香酥梨、酥梨",
        "用顿号或逗号分开，搜别名也能找到；不填不改，填 - 清空",
    ),
    needed(
        "category",
        "类别",
        "Category",
        "鲜果",
        "货架上的分类，如 鲜果、干果、蔬菜、食用菌",
    ),
    needed(
        "price_unit",
        "计价单位",
        "Price unit",
        "斤",
        "斤、公斤，或盒、箱、瓶等按件的名称",
    ),
    needed(
        "price_yuan",
        "参考价(元)",
        "Typical price, yuan",
        "4.00",
        "每一计价单位多少元",
    ),
    needed(
        "season",
        "当季月份",
        "Months in season",
        "9-10",
        "如 9-10；跨年写 11-3，全年写 1-12，几段用逗号分开",
    ),
    maybe(
        "mark",
        "标志",
        "Mark",
        "地理标志 2008",
        "写“地理标志”“绿色食品”“有机”才能按认证筛选；不填不改，填 - 清空",
    ),
];

const PEOPLE: &[Column] = &[
    needed(
        "sign_in_name",
        "登录名",
        "Sign-in name",
        "guanchang.li",
        "3 到 40 个小写字母、数字或 . - _",
    ),
    needed("person", "姓名", "Name", "李某某", "最多 40 字"),
    needed(
        "role",
        "身份",
        "Role",
        "村供货员",
        "采购经办人、审批人、单位财务、村供货员、绿食中心业务员、乡镇干部；其他身份请在人员页单独授予",
    ),
    maybe("unit_code", "单位代码", "Unit code", "", "单位的身份要填"),
    maybe(
        "village_code",
        "村代码",
        "Village code",
        "120119120214",
        "村供货员要填",
    ),
    maybe("town_code", "乡镇代码", "Town code", "", "乡镇干部要填"),
];

const OFFERS: &[Column] = &[
    VILLAGE_CODE,
    needed("produce", "品种", "Produce", "香菇", "登记册里的品种名"),
    needed("name", "货品名称", "Goods", "鲜香菇", "2 到 40 字"),
    maybe("grade", "等级", "Grade", "一级", "最多 20 字"),
    maybe("pack", "包装", "Pack", "5 斤纸箱", "最多 40 字"),
    needed(
        "price_yuan",
        "单价(元)",
        "Price, yuan",
        "5.00",
        "每一计价单位多少元",
    ),
    needed(
        "price_unit",
        "计价单位",
        "Price unit",
        "斤",
        "斤、公斤，或盒、箱、瓶等按件的名称",
    ),
    maybe("min", "起订量", "Least order", "10", "按计价单位；不填为 1"),
    maybe("step", "递增量", "Step", "1", "按计价单位；不填为 1"),
    maybe(
        "seller_code",
        "销售主体信用代码",
        "Seller's credit code",
        "",
        "合作社卖的才填它的代码；不填为村集体",
    ),
    maybe(
        "village_percent",
        "村集体比例(%)",
        "Village's percentage",
        "",
        "合作社卖的，村集体得百分之几，其余归合作社；不填为全部归村集体",
    ),
    maybe("story", "介绍", "Story", "", "最多 600 字"),
    maybe(
        "harvested_on",
        "采收日期",
        "Harvested on",
        "2026-11-20",
        "有现货批次才填",
    ),
    maybe("lot", "批次数量", "Lot", "500", "按计价单位；有现货批次才填"),
];
