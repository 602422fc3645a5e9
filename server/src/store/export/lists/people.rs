//! Lists of people and of what concerns one person: roles, proposals, the log, notices, searches, long work.

use super::super::{Column, Filter, Key, Kind, List, Named, Words};
use super::BASE;
use shared::domain::rights::Action;

pub(super) const PEOPLE: List = List {
    title: "人员",
    action: Action::PeopleRead,
    from: "persons p left join grants g on g.person_id = p.id and g.withdrawn_at is null
        left join aid_units u on u.id = g.unit_id left join villages v on v.code = g.village_code
        left join towns t on t.code = g.town_code",
    columns: &[
        Column("登录名", "p.sign_in_name", Kind::Text),
        Column("姓名", "p.name", Kind::Text),
        Column("身份", "g.role", Kind::Word(Words::Role)),
        Column("单位、村或乡镇", "coalesce(u.name, v.name, t.name)", Kind::Text),
        Column("已停用", "case when p.suspended then 1 else 0 end", Kind::Yes),
        Column("添加时间", "p.created_at", Kind::At),
        Column("授予时间", "g.created_at", Kind::At),
    ],
    keys: &[Key::Text("p.sign_in_name"), Key::Int("coalesce(g.created_at, 0)")],
    falling: false,
    filters: &[
        ("q", Filter::Found(&[(Named::People, "p.id")])),
        (
            "role",
            Filter::That(
                "exists (select 1 from grants x where x.person_id = p.id and x.withdrawn_at is null and x.role = ?)",
            ),
        ),
    ],
    ..BASE
};

pub(super) const PROPOSALS: List = List {
    title: "等第二人确认",
    action: Action::PeopleRead,
    from: "proposals r join persons p on p.id = r.person_id",
    only: "r.decided_at is null",
    columns: &[
        Column("事项", "r.kind", Kind::Word(Words::Proposal)),
        Column("姓名", "p.name", Kind::Text),
        Column("登录名", "p.sign_in_name", Kind::Text),
        Column("身份", "r.role", Kind::Word(Words::Role)),
        Column("理由", "r.reason", Kind::Text),
        Column("提出人", "r.proposed_by_name", Kind::Text),
        Column("提出时间", "r.proposed_at", Kind::At),
    ],
    keys: &[Key::Int("r.proposed_at"), Key::Id("r.id")],
    falling: false,
    ..BASE
};

pub(super) const AUDIT: List = List {
    title: "操作记录",
    action: Action::AuditRead,
    from: "audit_rows a",
    columns: &[
        Column("时间", "a.at", Kind::At),
        Column("谁", "a.person_name", Kind::Text),
        Column("身份", "a.role", Kind::Word(Words::Role)),
        Column("做了什么", "a.action", Kind::Word(Words::Step)),
        Column("对象", "a.object_kind", Kind::Word(Words::Object)),
        Column("编号", "a.object_id", Kind::Text),
        Column("村代码", "a.village_code", Kind::Text),
        Column("说明", "a.detail", Kind::Text),
    ],
    keys: &[Key::Int("a.at"), Key::Id("a.id")],
    filters: &[
        ("object", Filter::Object("a")),
        ("person", Filter::Person("a.person_id")),
        ("kind", Filter::AuditKind("a.action")),
        ("from", Filter::FromDay("a.at")),
        ("until", Filter::UntilDay("a.at")),
    ],
    ..BASE
};

pub(super) const NOTICES: List = List {
    title: "消息",
    from: "notices n",
    audience: Some("n.audience"),
    columns: &[
        Column("时间", "n.at", Kind::At),
        Column("消息", "n.kind", Kind::Notice),
        Column("对象", "n.subject", Kind::Text),
    ],
    keys: &[Key::Int("n.at"), Key::Id("n.id")],
    ..BASE
};

pub(super) const SAVED_SEARCHES: List = List {
    title: "收藏的搜索",
    from: "saved_searches s",
    person: Some("s.person_id"),
    columns: &[
        Column("名称", "s.name", Kind::Text),
        Column("条件", "s.query", Kind::Text),
        Column("收藏时间", "s.created_at", Kind::At),
    ],
    keys: &[Key::Int("s.created_at"), Key::Id("s.id")],
    ..BASE
};

pub(super) const WORKS: List = List {
    title: "后台任务",
    from: "works w",
    person: Some("w.person_id"),
    columns: &[
        Column("任务", "w.kind", Kind::Word(Words::WorkKind)),
        Column("对象", "w.subject", Kind::Word(Words::WorkSubject)),
        Column("文件", "w.input_name", Kind::Text),
        Column("状态", "w.state", Kind::Word(Words::WorkState)),
        Column("已处理", "w.done", Kind::Int),
        Column("共", "w.total", Kind::Int),
        Column("开始", "w.created_at", Kind::At),
        Column("结束", "w.ended_at", Kind::At),
    ],
    keys: &[Key::Int("w.created_at"), Key::Id("w.id")],
    ..BASE
};
