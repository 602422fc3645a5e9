//! Passwords that are tried first: common ones, patterns, names, and either with a number behind it.

/// Passwords of twelve characters and more that stand in many lists.
const LIST: &str = include_str!("common_passwords.txt");

/// Words that common passwords are built of; a password that is such a word and little else is common.
const WORDS: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "passcode",
    "passphrase",
    "mima",
    "mimashi",
    "wodemima",
    "administrator",
    "admin",
    "root",
    "user",
    "guest",
    "login",
    "logon",
    "welcome",
    "letmein",
    "changeme",
    "default",
    "secret",
    "access",
    "test",
    "tester",
    "demo",
    "hello",
    "master",
    "manager",
    "system",
    "server",
    "computer",
    "internet",
    "windows",
    "microsoft",
    "google",
    "apple",
    "android",
    "huawei",
    "xiaomi",
    "tencent",
    "weixin",
    "wechat",
    "taobao",
    "alipay",
    "baidu",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "basketball",
    "superman",
    "batman",
    "spiderman",
    "starwars",
    "pokemon",
    "dragon",
    "monkey",
    "shadow",
    "tiger",
    "iloveyou",
    "loveyou",
    "lovely",
    "forever",
    "freedom",
    "whatever",
    "trustno",
    "michael",
    "jordan",
    "jennifer",
    "jessica",
    "charlie",
    "ashley",
    "flower",
    "summer",
    "winter",
    "spring",
    "autumn",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "chocolate",
    "cookie",
    "butterfly",
    "rainbow",
    "soccer",
    "hockey",
    "liverpool",
    "arsenal",
    "chelsea",
    "barcelona",
    "qwerty",
    "asdf",
    "zxcv",
    "woaini",
    "woaiwojia",
    "zhongguo",
    "china",
    "beijing",
    "tianjin",
    "shanghai",
    "renmin",
    "laopo",
    "laogong",
    "baobei",
    "mama",
    "baba",
    "jizhou",
    "jixian",
    "market",
    "jishi",
    "bangfu",
    "green",
    "centre",
    "center",
    "village",
    "蓟州",
    "天津",
    "中国",
    "密码",
    "管理员",
    "集市",
    "帮扶",
    "绿食",
    "我爱你",
];

/// Rows of keys that are next to one another, and the alphabet.
const ROWS: &[&str] = &[
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "!@#$%^&*()",
];

/// Fewer different steps than this are no password, however long it is.
const MIN_STEPS: usize = 6;
/// Digits and signs that people put behind a word: a date, a year, an exclamation mark.
const DECORATION: usize = 10;

/// Whether a password (of at least 12 characters) would be among the first to be tried.
#[must_use]
pub fn is_common(password: &str, names: &[&str]) -> bool {
    let lower: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    let text: String = lower.iter().collect();
    if LIST.lines().any(|line| line == text) {
        return true;
    }
    let once = one_period(&lower);
    if steps(&once) < MIN_STEPS {
        return true;
    }
    let rest = without_words(&once, names);
    if rest.len() == once.len() {
        return false;
    }
    let plain = rest.iter().all(|c| !c.is_alphabetic());
    steps(&rest) < 4 || (plain && rest.len() <= DECORATION)
}

/// `abcabcabc` is `abc`: the shortest text that repeated gives the whole (the last time perhaps cut short).
fn one_period(text: &[char]) -> Vec<char> {
    let period = (1..=text.len() * 2 / 3).find(|period| {
        text.iter()
            .skip(*period)
            .eq(text.iter().take(text.len() - period))
    });
    text.iter().take(period.unwrap_or(text.len())).copied().collect()
}

/// How many steps it takes to tell the text: a run of neighbours (`1234`, `aaaa`, `qwer`, `4321`) is one step.
fn steps(text: &[char]) -> usize {
    let mut steps = 0;
    let mut before: Option<(char, Option<i64>)> = None;
    for &c in text {
        before = match before {
            None => {
                steps += 1;
                Some((c, None))
            }
            Some((last, direction)) => match step_between(last, c) {
                Some(step) if direction.is_none_or(|d| d == step) => Some((c, Some(step))),
                _ => {
                    steps += 1;
                    Some((c, None))
                }
            },
        };
    }
    steps
}

/// -1, 0 or 1 when two characters are neighbours in a row or the same.
fn step_between(a: char, b: char) -> Option<i64> {
    if a == b {
        return Some(0);
    }
    ROWS.iter().find_map(|row| {
        let place = |c| {
            row.chars()
                .position(|r| r == c)
                .and_then(|at| i64::try_from(at).ok())
        };
        let step = place(b)? - place(a)?;
        (step.abs() == 1).then_some(step)
    })
}

/// The text without common words and the person's own names, also where signs stand for letters.
fn without_words(text: &[char], names: &[&str]) -> Vec<char> {
    let plain: Vec<char> = text.iter().map(|c| letter_for(*c)).collect();
    let own = names.iter().flat_map(|name| {
        let parts = name
            .split(['.', '-', '_', ' '])
            .filter(|part| part.chars().count() >= 3);
        std::iter::once(*name)
            .chain(parts)
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    });
    let mut words: Vec<String> = own.chain(WORDS.iter().map(|w| (*w).to_owned())).collect();
    words.retain(|word| word.chars().count() >= 2);
    // Longest first, so that `passwords` goes before `pass`.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut gone = vec![false; text.len()];
    for word in words {
        let word: Vec<char> = word.chars().collect();
        for start in 0..=text.len().saturating_sub(word.len()) {
            let range = start..start + word.len();
            let is_there = |in_text: &[char]| in_text.get(range.clone()) == Some(word.as_slice());
            let free = gone
                .get(range.clone())
                .is_some_and(|part| part.iter().all(|g| !g));
            if free && (is_there(text) || is_there(&plain)) {
                gone[range].fill(true);
            }
        }
    }
    text.iter()
        .zip(gone)
        .filter(|(_, gone)| !gone)
        .map(|(c, _)| *c)
        .collect()
}

/// The letter that a sign or digit stands for, as in `p@ssw0rd`.
const fn letter_for(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::is_common;

    const NAMES: &[&str] = &["zhang.wei", "张伟东"];

    #[test]
    fn first_tries_are_refused() {
        for password in [
            "123456789012",
            "000000000000",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "abcdefghijkl",
            "qwertyuiop12",
            "qwertyuiopasdfghjkl",
            "password1234",
            "Password2026!",
            "P@ssw0rd2026",
            "passwordpassword",
            "passwordpassw",
            "admin20260101",
            "jizhou123456",
            "Jizhou-2026!!",
            "1qaz2wsx3edc",
            "administrator",
            "zhang.wei1990",
            "zhangwei.zhang.wei",
            "张伟东19900101!!",
            "zhang-wei-2026",
            "woaini1314520",
            "adminadminadmin",
            "welcome-welcome",
            "098765432109",
            "correct horse battery staple",
            "asdfghjkl;'12",
            "iloveyou!!!!!!",
            "111111222222",
            "蓟州集市20261121",
        ] {
            assert!(is_common(password, NAMES), "{password}");
        }
    }

    #[test]
    fn others_are_left_alone() {
        for password in [
            "copper lantern 71",
            "tP7#xk2!mQ9z",
            "seventeen persimmons",
            "柿子红了就去赶集吧明天",
            "river-stone-quilt",
            "my dog eats green apples",
            "8f3kd02mx91q",
            "admin likes walnuts",
            "demo-visit-jizhou",
        ] {
            assert!(!is_common(password, NAMES), "{password}");
        }
    }
}
