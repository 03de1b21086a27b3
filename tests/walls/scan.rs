//! Text of a Rust file -> the paths that its code names, test code, comments and strings left out.
//!
//! A lexer and a reader of paths, not a parser: enough to see `use` trees, qualified paths and
//! items under `#[cfg(test)]`. Names that macros glue together are not seen.

/// A path such as `crate::types::AsOf`, one for each leaf of a `use` tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    /// Segments; the first is `crate` for everything that starts at the root of the crate.
    pub path: Vec<String>,
    /// Stands in a `use`.
    pub imported: bool,
    /// What it is called here: the alias, or the last segment.
    pub name: String,
}

/// What a file says.
#[derive(Debug, Default)]
pub struct Scan {
    pub paths: Vec<Named>,
    /// Modules declared here, inline or not.
    pub modules: Vec<String>,
    /// Files (`#[path]`) or names of the modules that are compiled for tests alone.
    pub test_modules: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    /// `::`
    Step,
    Mark(char),
}

type Line = (usize, Token);

/// `depth` is that of the file's module: 0 for the root of the crate, 1 for a room.
pub fn scan(source: &str, depth: usize) -> Scan {
    let mut scan = Scan::default();
    let tokens = without_tests(&lex(source), &mut scan.test_modules);
    let word = |at: usize| match tokens.get(at) {
        Some((_, Token::Word(word))) => word.as_str(),
        _ => "",
    };
    let is = |at: usize, token: &Token| tokens.get(at).is_some_and(|(_, found)| found == token);
    let (mut braces, mut inline, mut at) = (0, Vec::new(), 0);
    let mut imported = false;
    while at < tokens.len() {
        match &tokens[at].1 {
            Token::Mark('{') => braces += 1,
            Token::Mark('}') => {
                braces -= 1;
                if inline.last() == Some(&braces) {
                    inline.pop();
                }
            }
            Token::Mark(';') => imported = false,
            Token::Word(keyword) if keyword == "use" => imported = true,
            Token::Word(keyword) if keyword == "extern" && word(at + 1) == "crate" => {
                imported = true;
                at += 1;
            }
            Token::Word(keyword) if keyword == "mod" => {
                scan.modules.push(word(at + 1).to_owned());
                if is(at + 2, &Token::Mark('{')) {
                    inline.push(braces);
                }
                at += 1;
            }
            // A word after a point is a field or a method.
            Token::Word(_) if at > 0 && is(at - 1, &Token::Mark('.')) => {}
            Token::Word(_) => {
                let first = scan.paths.len();
                at = path(&tokens, at, Vec::new(), &mut scan.paths);
                for named in &mut scan.paths[first..] {
                    named.imported = imported;
                    from_the_root(&mut named.path, depth + inline.len());
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    scan
}

/// Reads the path at `at` behind `before`; gives the place after it.
fn path(tokens: &[Line], mut at: usize, mut before: Vec<String>, out: &mut Vec<Named>) -> usize {
    let line = tokens[at].0;
    loop {
        match tokens.get(at).map(|(_, token)| token) {
            Some(Token::Word(word)) => {
                before.push(word.clone());
                at += 1;
            }
            Some(Token::Mark('*')) => {
                before.push("*".into());
                at += 1;
            }
            Some(Token::Mark('{')) => {
                at += 1;
                while at < tokens.len() && tokens[at].1 != Token::Mark('}') {
                    match tokens[at].1 {
                        Token::Word(_) | Token::Mark('*') => {
                            at = path(tokens, at, before.clone(), out);
                        }
                        _ => at += 1,
                    }
                }
                return at + 1;
            }
            _ => break,
        }
        match tokens.get(at).map(|(_, token)| token) {
            Some(Token::Step) => at += 1,
            _ => break,
        }
    }
    let mut name = before.last().cloned().unwrap_or_default();
    if let (Some((_, Token::Word(keyword))), Some((_, Token::Word(alias)))) =
        (tokens.get(at), tokens.get(at + 1))
        && keyword == "as"
    {
        name = alias.clone();
        at += 2;
    }
    out.push(Named { line, path: before, imported: false, name });
    at
}

/// `segtrail::x`, and `super` as often as the module is deep, both begin at the root.
fn from_the_root(path: &mut Vec<String>, depth: usize) {
    let climbs = path.iter().take_while(|segment| *segment == "super").count();
    if path[0] == "segtrail" {
        path[0] = "crate".into();
    } else if climbs > 0 && climbs >= depth {
        path.splice(..climbs, ["crate".to_owned()]);
    }
}

/// Leaves out every item under `#[cfg(test)]`, all of a file under `#![cfg(test)]`.
fn without_tests(tokens: &[Line], modules: &mut Vec<String>) -> Vec<Line> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let inner = tokens.get(at + 1).is_some_and(|(_, token)| *token == Token::Mark('!'));
        if !is_test_attribute(tokens, at) {
            kept.push(tokens[at].clone());
            at += 1;
        } else if inner {
            return Vec::new();
        } else {
            let mut file = None;
            while tokens.get(at).is_some_and(|(_, token)| *token == Token::Mark('#')) {
                let end = group_end(tokens, at + 1);
                if let [(_, Token::Word(key)), .., (_, Token::Text(text)), _] = &tokens[at + 2..end]
                    && key == "path"
                {
                    file = Some(text.clone());
                }
                at = end;
            }
            let end = item_end(tokens, at);
            let words: Vec<&str> = (tokens[at..end].iter())
                .filter_map(
                    |(_, token)| if let Token::Word(word) = token { Some(word) } else { None },
                )
                .map(String::as_str)
                .collect();
            if let Some(place) = words.iter().position(|word| *word == "mod")
                && tokens[end - 1].1 == Token::Mark(';')
            {
                modules.push(file.unwrap_or_else(|| words[place + 1].to_owned()));
            }
            at = end;
        }
    }
    kept
}

fn is_test_attribute(tokens: &[Line], at: usize) -> bool {
    if tokens[at].1 != Token::Mark('#') {
        return false;
    }
    let open = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|t| t.1 == Token::Mark('!')));
    if tokens.get(open).is_none_or(|(_, token)| *token != Token::Mark('[')) {
        return false;
    }
    let inside = &tokens[open + 1..group_end(tokens, open)];
    let has = |word: &str| inside.iter().any(|(_, t)| matches!(t, Token::Word(w) if w == word));
    matches!(inside.first(), Some((_, Token::Word(word))) if word == "cfg")
        && has("test")
        && !has("not")
}

/// The place after the bracket that closes the one at `at`.
fn group_end(tokens: &[Line], at: usize) -> usize {
    let mut depth = 0;
    for (place, (_, token)) in tokens.iter().enumerate().skip(at) {
        match token {
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') => {
                depth -= 1;
                if depth == 0 {
                    return place + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// The place after the item, statement, field or arm at `at`.
fn item_end(tokens: &[Line], mut at: usize) -> usize {
    let word = |at: usize| match tokens.get(at) {
        Some((_, Token::Word(word))) => word.as_str(),
        _ => "",
    };
    let mut head = at;
    while word(head) == "pub" {
        head += 1;
        if tokens.get(head).is_some_and(|(_, token)| *token == Token::Mark('(')) {
            head = group_end(tokens, head);
        }
    }
    let ends_in_semicolon = match word(head) {
        "use" | "static" | "let" | "type" => true,
        "const" => !["fn", "unsafe", "async", "extern"].contains(&word(head + 1)),
        _ => false,
    };
    let is_item = ["fn", "mod", "impl", "trait", "enum", "struct", "union"].contains(&word(head))
        || ["const", "unsafe", "async", "extern", "macro_rules"].contains(&word(head));
    while at < tokens.len() {
        match tokens[at].1 {
            Token::Mark(';') => return at + 1,
            Token::Mark(',') if !is_item && !ends_in_semicolon => return at + 1,
            Token::Mark(')' | ']' | '}') => return at,
            Token::Mark('{') if !ends_in_semicolon => {
                at = group_end(tokens, at);
                if word(at) != "else" {
                    return at;
                }
            }
            Token::Mark('(' | '[' | '{') => at = group_end(tokens, at),
            _ => at += 1,
        }
    }
    at
}

/// Words, strings and marks with their lines; comments are left out.
fn lex(source: &str) -> Vec<Line> {
    let chars: Vec<char> = source.chars().collect();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    while at < chars.len() {
        let rest = &chars[at..];
        let (token, length) = match rest {
            ['/', '/', ..] => (None, rest.iter().position(|&c| c == '\n').unwrap_or(rest.len())),
            ['/', '*', ..] => (None, block_comment(rest)),
            ['"', ..] => text(rest),
            ['r' | 'b' | 'c', '"', ..] if rest[0] != 'r' => prefixed(1, text(&rest[1..])),
            ['r', '"', ..] => raw_text(rest, 1),
            ['r', '#', '#' | '"', ..] => raw_text(rest, 1),
            ['b' | 'c', 'r', '#' | '"', ..] => raw_text(rest, 2),
            ['r', '#', next, ..] if is_word(*next) => {
                let word: String = rest[2..].iter().take_while(|&&c| is_word(c)).collect();
                let length = 2 + word.chars().count();
                (Some(Token::Word(word)), length)
            }
            ['\'', '\\', ..] => {
                let close = rest.iter().skip(3).position(|&c| c == '\'');
                (Some(Token::Text(String::new())), close.map_or(rest.len(), |found| found + 4))
            }
            ['\'', _, '\'', ..] => (Some(Token::Text(String::new())), 3),
            // A lifetime or a label.
            ['\'', ..] => (None, 1 + rest[1..].iter().take_while(|&&c| is_word(c)).count()),
            [':', ':', ..] => (Some(Token::Step), 2),
            [first, ..] if is_word(*first) => {
                let word: String = rest.iter().take_while(|&&c| is_word(c)).collect();
                let length = word.chars().count();
                (Some(Token::Word(word)), length)
            }
            [first, ..] if first.is_whitespace() => (None, 1),
            [first, ..] => (Some(Token::Mark(*first)), 1),
            [] => break,
        };
        if let Some(token) = token {
            tokens.push((line, token));
        }
        line += rest[..length].iter().filter(|&&c| c == '\n').count();
        at += length;
    }
    tokens
}

fn prefixed(length: usize, read: (Option<Token>, usize)) -> (Option<Token>, usize) {
    (read.0, read.1 + length)
}

fn block_comment(chars: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < chars.len() {
        match chars[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn text(chars: &[char]) -> (Option<Token>, usize) {
    let mut at = 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    let end = at.min(chars.len());
    (Some(Token::Text(chars[1..end].iter().collect())), (at + 1).min(chars.len()))
}

fn raw_text(chars: &[char], prefix: usize) -> (Option<Token>, usize) {
    let hashes = chars[prefix..].iter().take_while(|&&c| c == '#').count();
    let start = prefix + hashes + 1;
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let found =
        chars.get(start..).and_then(|rest| rest.windows(hashes + 1).position(|w| w == close));
    match found {
        Some(length) => {
            let end = start + length;
            (Some(Token::Text(chars[start..end].iter().collect())), end + hashes + 1)
        }
        None => (None, chars.len()),
    }
}
