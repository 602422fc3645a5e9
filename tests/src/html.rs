//! Reading the program's own pages: enough of HTML to find forms, links and words.

/// A start tag with its attributes, and the text behind it up to the next tag.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Its name; an end tag's begins with `/`.
    pub name: String,
    /// Its attributes, unescaped.
    pub attributes: Vec<(String, String)>,
    /// The text behind it, unescaped.
    pub text: String,
}

impl Tag {
    /// An attribute's value; an empty one for an attribute without a value.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    fn value(&self) -> String {
        self.attribute("value").unwrap_or_default().to_owned()
    }
}

/// The tags of a page, in order.
#[must_use]
pub fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(behind) = rest.strip_prefix("!--") {
            rest = behind.find("-->").map_or("", |end| &behind[end + 3..]);
            continue;
        }
        let Some(end) = end_of_tag(rest) else { break };
        let (inside, behind) = (&rest[..end], &rest[end + 1..]);
        rest = behind;
        let text = &behind[..behind.find('<').unwrap_or(behind.len())];
        let (name, attributes) = inside.split_at(inside.find(char::is_whitespace).unwrap_or(inside.len()));
        found.push(Tag {
            name: name.trim_end_matches('/').to_ascii_lowercase(),
            attributes: attributes_of(attributes),
            text: unescape(text),
        });
    }
    found
}

/// Where a tag ends: a `>` outside quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn attributes_of(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let name = rest[..end].trim_matches('/').to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(behind) = rest.strip_prefix('=') {
            let behind = behind.trim_start();
            let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (open, close) = match quote {
                Some(quote) => (1, behind[1..].find(quote).map_or(behind.len(), |end| end + 1)),
                None => (0, behind.find(char::is_whitespace).unwrap_or(behind.len())),
            };
            value = unescape(&behind[open..close]);
            rest = behind[close..].trim_start_matches(['"', '\'']).trim_start();
        }
        if !name.is_empty() {
            found.push((name, value));
        }
    }
    found
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The words of a page without its tags.
#[must_use]
pub fn words(html: &str) -> String {
    let texts: Vec<String> = tags(html).into_iter().map(|tag| tag.text).collect();
    texts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A form as it stands on a page, with what its fields hold.
#[derive(Clone, Debug, Default)]
pub struct PageForm {
    /// Where it is sent.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// Whether it sends files.
    pub multipart: bool,
    /// Names and values of its fields, in order.
    pub fields: Vec<(String, String)>,
    /// Names of its file fields.
    pub files: Vec<String>,
    /// Names and values of its submit buttons.
    pub buttons: Vec<(String, String)>,
}

impl PageForm {
    /// A field's value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The same form with a field filled in.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(n, _)| n == name) {
            Some((_, held)) => value.clone_into(held),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The same form without a field.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self
    }
}

/// The forms of a page. Fields outside a form that name it by `form=` are left out.
#[must_use]
pub fn forms(html: &str) -> Vec<PageForm> {
    let mut found = Vec::new();
    let mut open: Option<PageForm> = None;
    let mut select: Option<(String, Option<String>, Option<String>)> = None;
    for tag in tags(html) {
        match tag.name.as_str() {
            "form" => open = Some(form_of(&tag)),
            "/form" => found.extend(open.take()),
            _ => {}
        }
        let Some(form) = &mut open else { continue };
        let name = tag.attribute("name").unwrap_or_default().to_owned();
        match tag.name.as_str() {
            "input" => input(form, &tag, name),
            "textarea" => form.fields.push((name, tag.text.clone())),
            "button" if !name.is_empty() => form.buttons.push((name, tag.value())),
            "select" => select = Some((name, None, None)),
            "option" => {
                if let Some((_, first, chosen)) = &mut select {
                    let value = tag
                        .attribute("value")
                        .map_or_else(|| tag.text.trim().to_owned(), str::to_owned);
                    if tag.attribute("selected").is_some() {
                        *chosen = Some(value.clone());
                    }
                    first.get_or_insert(value);
                }
            }
            "/select" => {
                if let Some((name, first, chosen)) = select.take() {
                    form.fields.push((name, chosen.or(first).unwrap_or_default()));
                }
            }
            _ => {}
        }
    }
    found
}

fn form_of(tag: &Tag) -> PageForm {
    PageForm {
        action: tag.attribute("action").unwrap_or_default().to_owned(),
        method: tag.attribute("method").unwrap_or("get").to_ascii_lowercase(),
        multipart: tag.attribute("enctype") == Some("multipart/form-data"),
        ..PageForm::default()
    }
}

fn input(form: &mut PageForm, tag: &Tag, name: String) {
    let kind = tag.attribute("type").unwrap_or("text");
    match kind {
        "file" => form.files.push(name),
        "submit" | "button" | "image" | "reset" => form.buttons.push((name, tag.value())),
        "checkbox" | "radio" if tag.attribute("checked").is_none() => {}
        "checkbox" if tag.attribute("value").is_none() => form.fields.push((name, "on".to_owned())),
        _ if name.is_empty() => {}
        _ => form.fields.push((name, tag.value())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_what_it_holds() {
        let html = r#"<p>x</p><form method="post" action="/orders?a=1&amp;b=2"><!-- <input name="no"> -->
            <input type="hidden" name="csrf" value="t&quot;1"/><input name="qty" value=3>
            <input type="checkbox" name="off" value="1"><input type="radio" name="fund" value="canteen" checked>
            <select name="unit"><option value="jin">斤</option><option value="kg" selected>kg</option></select>
            <textarea name="note">a &lt; b</textarea><input type="file" name="photo">
            <button name="submit" value="1">保存</button></form>"#;
        let form = forms(html).remove(0);
        assert_eq!(
            (form.action.as_str(), form.method.as_str()),
            ("/orders?a=1&b=2", "post")
        );
        let expected = [
            ("csrf", "t\"1"),
            ("qty", "3"),
            ("fund", "canteen"),
            ("unit", "kg"),
            ("note", "a < b"),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        assert_eq!(form.fields, expected);
        assert_eq!((form.files, form.buttons.len()), (vec!["photo".to_owned()], 1));
        assert_eq!(words("<h1>合计</h1> <b>¥1</b>"), "合计 ¥1");
    }
}
