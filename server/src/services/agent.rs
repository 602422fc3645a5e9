//! What a browser calls itself, in two words that its owner knows it by.

/// Names in a `User-Agent` header, the telling ones first: every browser also names those it descends from.
const PROGRAMS: &[(&str, &str)] = &[
    ("MicroMessenger/", "WeChat"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("MiuiBrowser/", "Mi Browser"),
    ("QQBrowser/", "QQ Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// The same for systems.
const SYSTEMS: &[(&str, &str)] = &[
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// A short name for a `User-Agent` header, as `Chrome · Windows`; an unknown one is cut to 40 visible characters.
#[must_use]
pub fn short(header: &str) -> String {
    let name_of = |list: &[(&str, &'static str)]| {
        list.iter()
            .find(|(part, _)| header.contains(part))
            .map(|(_, n)| *n)
    };
    match (name_of(PROGRAMS), name_of(SYSTEMS)) {
        (Some(program), Some(system)) => format!("{program} · {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => header.chars().filter(|c| !c.is_control()).take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn browsers_are_known_by_their_own_name() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0";
        assert_eq!(short(edge), "Edge · Windows");
        let phone = "Mozilla/5.0 (Linux; Android 14; M2012) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36 MicroMessenger/8.0";
        assert_eq!(short(phone), "WeChat · Android");
        assert_eq!(short("curl/8.9"), "curl");
        assert_eq!(short(""), "");
        assert_eq!(short(&"x\n".repeat(90)), "x".repeat(40));
    }
}
