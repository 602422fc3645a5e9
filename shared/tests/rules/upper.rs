//! 大写 by example, and read back by an independent reader.

use proptest::prelude::*;
use shared::domain::money::Fen;

#[test]
fn examples() {
    // The sums with decimals are those of the People's Bank's rules (支付结算办法, appendix 1).
    for (fen, text) in [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (55, "伍角伍分"),
        (100, "壹元整"),
        (101, "壹元零壹分"),
        (120, "壹元贰角"),
        (1000, "壹拾元整"),
        (1500, "壹拾伍元整"),
        (10_100, "壹佰零壹元整"),
        (11_000, "壹佰壹拾元整"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (100_100, "壹仟零壹元整"),
        (101_000, "壹仟零壹拾元整"),
        (129_200, "壹仟贰佰玖拾贰元整"),
        (140_950, "壹仟肆佰零玖元伍角"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (600_714, "陆仟零柒元壹角肆分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (2_000_000, "贰万元整"),
        (1_050_000, "壹万零伍佰元整"),
        (1_500_000, "壹万伍仟元整"),
        (10_000_100, "壹拾万零壹元整"),
        (10_700_053, "壹拾万零柒仟元伍角叁分"),
        (20_000_000, "贰拾万元整"),
        (340_000_000, "叁佰肆拾万元整"),
        (1_000_000_001, "壹仟万元零壹分"),
        (10_000_000_000, "壹亿元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (10_500_000_000, "壹亿零伍佰万元整"),
        (12_345_678_901, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"),
        (1_000_000_000_000_000, "壹拾万亿元整"),
        (-800, "负捌元整"),
        (-5, "负伍分"),
    ] {
        assert_eq!(Fen(fen).to_chinese_upper(), text, "{fen} fen");
    }
}

/// Reads 大写 back: digits times their unit, summed up at every 万 and 亿.
fn read_back(text: &str) -> i128 {
    let (negative, text) = text.strip_prefix('负').map_or((false, text), |rest| (true, rest));
    let (yuan, cents) = text.split_once('元').unwrap_or(("", text));
    let (mut whole, mut section, mut digit) = (0_i128, 0_i128, 0_i128);
    for c in yuan.chars() {
        match c {
            '仟' | '佰' | '拾' => {
                section += digit
                    * if c == '仟' {
                        1000
                    } else if c == '佰' {
                        100
                    } else {
                        10
                    };
                digit = 0;
            }
            '万' => {
                whole += (section + digit) * 10_000;
                (section, digit) = (0, 0);
            }
            '亿' => {
                whole = (whole + section + digit) * 100_000_000;
                (section, digit) = (0, 0);
            }
            other => digit = digit_of(other),
        }
    }
    let mut fen = (whole + section + digit) * 100;
    let mut digit = 0;
    for c in cents.chars() {
        match c {
            '角' => fen += digit * 10,
            '分' => fen += digit,
            '整' => {}
            other => digit = digit_of(other),
        }
    }
    if negative { -fen } else { fen }
}

fn digit_of(c: char) -> i128 {
    let place = "零壹贰叁肆伍陆柒捌玖"
        .chars()
        .position(|d| d == c)
        .expect("a digit");
    i128::try_from(place).expect("below ten")
}

proptest! {
    #[test]
    fn reads_back(fen in prop_oneof![-100_000_000_i64..100_000_000, -100_000_000_000_000_000..100_000_000_000_000_000_i64]) {
        let text = Fen(fen).to_chinese_upper();
        prop_assert_eq!(read_back(&text), i128::from(fen), "{}", text);
        prop_assert!(!text.contains("零零"), "{text}");
        for bad in ["零元", "零万", "零亿", "零角", "零整"] {
            prop_assert!(fen == 0 || !text.contains(bad), "{text}");
        }
    }
}
