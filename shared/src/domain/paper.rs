//! 单据: documents that leave the market on paper, each with a code by which anybody can check it.

/// Characters of a code, without the strokes between them: 31 possibilities each, so that nobody guesses one.
pub const CODE_CHARS: usize = 16;

named! {
    /// What kind of document it is.
    pub enum PaperKind {
        /// 验收单.
        Acceptance = "acceptance",
        /// 账单.
        Bill = "bill",
        /// 结算单.
        Settlement = "settlement",
        /// 年度采购证明.
        Certificate = "certificate",
        /// 村集体收入对账单.
        Income = "income",
    }
}

/// A code as it is stored, from what somebody typed or scanned; `None` for what can be none.
#[must_use]
pub fn read_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .take(CODE_CHARS + 1)
        .collect();
    (code.len() == CODE_CHARS && code.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(code)
}

/// A code as people read it, in fours: `7K3M-PQ4R-XW2H-9TBC`.
#[must_use]
pub fn show_code(code: &str) -> String {
    let chars: Vec<char> = code.chars().collect();
    let fours: Vec<String> = chars.chunks(4).map(|four| four.iter().collect()).collect();
    fours.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_they_are_shown_and_as_they_are_typed() {
        let code = "7K3MPQ4RXW2H9TBC";
        assert_eq!(show_code(code), "7K3M-PQ4R-XW2H-9TBC");
        for typed in [
            code,
            "7K3M-PQ4R-XW2H-9TBC",
            " 7k3m pq4r xw2h 9tbc ",
            "7k3mpq4rxw2h9tbc",
        ] {
            assert_eq!(read_code(typed).as_deref(), Some(code), "{typed}");
        }
        for bad in [
            "",
            "7K3MPQ4RXW2H9TB",
            "7K3MPQ4RXW2H9TBCC",
            "7K3MPQ4RXW2H9TB!",
            "７K3MPQ4RXW2H9TBC",
        ] {
            assert_eq!(read_code(bad), None, "{bad}");
        }
    }
}
