//! Finding: produce goes by other names; what offers are found by stands in memory; people keep searches.

crate::dialect::step!(
    "m0010_finding",
    "alter table produce add column aliases text not null default '';
update produce set aliases = '盖柿,大盖柿,柿子,盘山柿子,磨盘柿子,persimmon' where slug = 'persimmon';
update produce set aliases = '核桃,山核桃,黄花山,walnut' where slug = 'walnut';
update produce set aliases = '栗子,毛栗,盘山板栗,甘栗,chestnut' where slug = 'chestnut';
update produce set aliases = '香酥梨,酥梨,红梨,梨,pear' where slug = 'crisp-pear';
update produce set aliases = '佛见喜,蓟州梨,梨,pear' where slug = 'foxi-pear';
update produce set aliases = '富士,红富士,apple' where slug = 'apple';
update produce set aliases = '西瓜,桑梓瓜,watermelon' where slug = 'watermelon';
update produce set aliases = '香蕈,花菇,冬菇,蘑菇,菌菇,shiitake,mushroom' where slug = 'shiitake';
update produce set aliases = '白灵芝菇,翅鲍菇,白阿魏蘑,蘑菇,菌菇,mushroom' where slug = 'bailing-mushroom';
update produce set aliases = '羊肚菇,羊肚蘑,羊蘑,蘑菇,菌菇,morel,mushroom' where slug = 'morel';
update produce set aliases = '红果,山里红,酸楂,hawthorn' where slug = 'hawthorn';
update produce set aliases = '蓝梅,蓝浆果,blueberry' where slug = 'blueberry';
update produce set aliases = '尖椒,海椒,朝天椒,番椒,chilli,pepper' where slug = 'chilli';
update produce set aliases = '鲤鱼,州河鲤鱼,于桥水库鱼,carp,fish' where slug = 'carp';
update produce set aliases = '蜜,蜂糖,荆条蜜,枣花蜜,honey' where slug = 'honey';
update produce set aliases = '五谷,粗粮,小米,玉米面,绿豆,红豆,grains,millet' where slug = 'grains';
update produce set aliases = '文玩核桃,手串核桃,核桃,walnut' where slug = 'hand-walnut';
alter table offers drop column search_text;
create table saved_searches (
    id uuid not null primary key,
    person_id uuid not null references persons (id),
    name text not null,
    query text not null,
    created_at bigint not null,
    looked_at bigint not null,
    unique (person_id, query)
);
create index saved_searches_looked on saved_searches (looked_at, id);
"
);
