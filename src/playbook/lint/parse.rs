//! The expressions that a playbook may hold, as a tree with places: a part of Jinja's, so minijinja works out the same.

/// An expression and where it stands, in characters of the expression's text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree {
    pub(crate) kind: Kind,
    pub(crate) at: usize,
    pub(crate) length: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Text(String),
    Number,
    Truth,
    Nothing,
    List(Vec<Tree>),
    /// `a.b.c`: the words with their places.
    Name(Vec<Word>),
    /// `a[…]`
    Item(Box<Tree>, Box<Tree>),
    Not(Box<Tree>),
    Negative(Box<Tree>),
    /// `and`, `or`
    Both(Box<Tree>, Box<Tree>),
    /// `<=` and so on
    Compare(&'static str, Box<Tree>, Box<Tree>),
    /// `in`, `not in`
    In(Box<Tree>, Box<Tree>),
    /// `+ - * / // %`
    Arithmetic(&'static str, Box<Tree>, Box<Tree>),
    /// `~`
    Join(Box<Tree>, Box<Tree>),
    /// `is defined`, `is not defined`
    Defined(Box<Tree>),
    Filter(Box<Tree>, Word, Vec<Tree>),
    /// `a if c else b`
    Choose {
        yes: Box<Tree>,
        when: Box<Tree>,
        no: Option<Box<Tree>>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) at: usize,
}

/// Where an expression stops making sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stray {
    pub(crate) at: usize,
    pub(crate) length: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number,
    Sign(&'static str),
}

struct Parser {
    tokens: Vec<(Token, usize, usize)>,
    next: usize,
    end: usize,
    depth: usize,
}

const DEEPEST: usize = 40;

const SIGNS: [&str; 22] =
    ["==", "!=", "<=", ">=", "//", "<", ">", "+", "-", "*", "/", "%", "~", "|", ".", ",", "(", ")", "[", "]", ":", "="];

pub(crate) fn parse(text: &str) -> Result<Tree, Stray> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, next: 0, end: text.chars().count(), depth: 0 };
    let tree = parser.choose()?;
    match parser.tokens.get(parser.next) {
        None => Ok(tree),
        Some((_, at, length)) => Err(Stray { at: *at, length: *length }),
    }
}

fn tokens(text: &str) -> Result<Vec<(Token, usize, usize)>, Stray> {
    let chars: Vec<char> = text.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let start = at;
        let run = |from: usize, good: fn(char) -> bool| {
            chars[from..].iter().position(|c| !good(*c)).map_or(chars.len(), |length| from + length)
        };
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let token = if c.is_ascii_alphabetic() || c == '_' {
            at = run(at, |c| c.is_ascii_alphanumeric() || c == '_');
            Token::Word(chars[start..at].iter().collect())
        } else if c.is_ascii_digit() {
            at = run(at, |c| c.is_ascii_digit() || c == '_');
            if chars.get(at) == Some(&'.') && chars.get(at + 1).is_some_and(char::is_ascii_digit) {
                at = run(at + 1, |c| c.is_ascii_digit());
            }
            if chars.get(at).is_some_and(|c| c.is_alphanumeric()) {
                let end = run(at, char::is_alphanumeric);
                return Err(Stray { at: start, length: end - start });
            }
            Token::Number
        } else if c == '\'' || c == '"' {
            let (content, end) = quoted(&chars, at).ok_or(Stray { at, length: chars.len() - at })?;
            at = end;
            Token::Text(content)
        } else {
            let sign = SIGNS
                .iter()
                .find(|sign| sign.chars().enumerate().all(|(index, wanted)| chars.get(at + index) == Some(&wanted)));
            let sign = sign.ok_or(Stray { at, length: 1 })?;
            at += sign.len();
            Token::Sign(sign)
        };
        all.push((token, start, at - start));
    }
    Ok(all)
}

fn quoted(chars: &[char], open: usize) -> Option<(String, usize)> {
    let mut content = String::new();
    let mut at = open + 1;
    loop {
        let c = *chars.get(at)?;
        at += 1;
        if Some(&c) == chars.get(open) {
            return Some((content, at));
        }
        if c == '\\' {
            content.push(*chars.get(at)?);
            at += 1;
        } else {
            content.push(c);
        }
    }
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, ..)| token)
    }

    fn stray(&self) -> Stray {
        self.tokens.get(self.next).map_or(Stray { at: self.end.saturating_sub(1), length: 1 }, |(_, at, length)| {
            Stray { at: *at, length: *length }
        })
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(sign)) if *sign == wanted);
        self.next += usize::from(found);
        found
    }

    fn keyword(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word == wanted);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), Stray> {
        if self.sign(wanted) { Ok(()) } else { Err(self.stray()) }
    }

    fn here(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at, _)| *at)
    }

    fn tree(&self, at: usize, kind: Kind) -> Tree {
        let end = self.tokens.get(self.next.saturating_sub(1)).map_or(self.end, |(_, at, length)| at + length);
        Tree { kind, at, length: end.saturating_sub(at) }
    }

    fn choose(&mut self) -> Result<Tree, Stray> {
        if self.depth >= DEEPEST {
            return Err(self.stray());
        }
        self.depth += 1;
        let tree = self.choose_inner();
        self.depth -= 1;
        tree
    }

    fn choose_inner(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        let yes = self.either()?;
        if !self.keyword("if") {
            return Ok(yes);
        }
        let when = Box::new(self.either()?);
        let no = if self.keyword("else") { Some(Box::new(self.choose()?)) } else { None };
        Ok(self.tree(at, Kind::Choose { yes: Box::new(yes), when, no }))
    }

    fn either(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        let mut left = self.all()?;
        while self.keyword("or") {
            let right = self.all()?;
            left = self.tree(at, Kind::Both(Box::new(left), Box::new(right)));
        }
        Ok(left)
    }

    fn all(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        let mut left = self.not()?;
        while self.keyword("and") {
            let right = self.not()?;
            left = self.tree(at, Kind::Both(Box::new(left), Box::new(right)));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        let mut count = 0;
        while self.keyword("not") {
            count += 1;
        }
        let mut tree = self.compare()?;
        for _ in 0..count {
            tree = self.tree(at, Kind::Not(Box::new(tree)));
        }
        Ok(tree)
    }

    fn compare(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        let left = self.sum()?;
        for sign in ["==", "!=", "<=", ">=", "<", ">"] {
            if self.sign(sign) {
                let right = self.sum()?;
                return Ok(self.tree(at, Kind::Compare(sign, Box::new(left), Box::new(right))));
            }
        }
        let before = self.next;
        let negated = self.keyword("not");
        if self.keyword("in") {
            let right = self.sum()?;
            return Ok(self.tree(at, Kind::In(Box::new(left), Box::new(right))));
        }
        if negated {
            self.next = before;
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        let mut left = self.product()?;
        loop {
            let Some(sign) = ["+", "-", "~"].into_iter().find(|sign| self.sign(sign)) else { return Ok(left) };
            let (first, second) = (Box::new(left), Box::new(self.product()?));
            let kind = if sign == "~" { Kind::Join(first, second) } else { Kind::Arithmetic(sign, first, second) };
            left = self.tree(at, kind);
        }
    }

    fn product(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        let mut left = self.negative()?;
        loop {
            let Some(sign) = ["*", "//", "/", "%"].into_iter().find(|sign| self.sign(sign)) else { return Ok(left) };
            let right = self.negative()?;
            left = self.tree(at, Kind::Arithmetic(sign, Box::new(left), Box::new(right)));
        }
    }

    fn negative(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        if self.sign("-") {
            let inner = self.postfix()?;
            return Ok(self.tree(at, Kind::Negative(Box::new(inner))));
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Result<Tree, Stray> {
        let at = self.here();
        let mut tree = self.primary()?;
        loop {
            if self.sign("|") {
                let name = self.word()?;
                let arguments = if self.sign("(") { self.list(")")? } else { Vec::new() };
                tree = self.tree(at, Kind::Filter(Box::new(tree), name, arguments));
            } else if self.sign("[") {
                let key = self.choose()?;
                self.expect("]")?;
                tree = self.tree(at, Kind::Item(Box::new(tree), Box::new(key)));
            } else if self.sign(".") {
                let word = self.word()?;
                let Kind::Name(words) = &mut tree.kind else {
                    return Err(Stray { at: word.at, length: word.text.len() });
                };
                tree.length = word.at + word.text.chars().count() - at;
                words.push(word);
            } else if self.keyword("is") {
                self.keyword("not");
                let test = self.stray();
                if !self.keyword("defined") && !self.keyword("undefined") {
                    return Err(test);
                }
                tree = self.tree(at, Kind::Defined(Box::new(tree)));
            } else {
                return Ok(tree);
            }
        }
    }

    fn word(&mut self) -> Result<Word, Stray> {
        let stray = self.stray();
        match self.tokens.get(self.next) {
            Some((Token::Word(word), at, _)) => {
                self.next += 1;
                Ok(Word { text: word.clone(), at: *at })
            }
            _ => Err(stray),
        }
    }

    fn list(&mut self, close: &str) -> Result<Vec<Tree>, Stray> {
        let mut items = Vec::new();
        while !self.sign(close) {
            items.push(self.choose()?);
            if !self.sign(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(items)
    }

    fn primary(&mut self) -> Result<Tree, Stray> {
        let stray = self.stray();
        let Some((token, at, _)) = self.tokens.get(self.next).cloned() else { return Err(stray) };
        self.next += 1;
        let kind = match token {
            Token::Text(text) => Kind::Text(text),
            Token::Number => Kind::Number,
            Token::Word(word) => match word.as_str() {
                "true" | "True" | "false" | "False" => Kind::Truth,
                "none" | "None" => Kind::Nothing,
                "and" | "or" | "not" | "in" | "is" | "if" | "else" => return Err(stray),
                _ => Kind::Name(vec![Word { text: word, at }]),
            },
            Token::Sign("(") => {
                let inner = self.choose()?;
                self.expect(")")?;
                return Ok(self.tree(at, inner.kind));
            }
            Token::Sign("[") => Kind::List(self.list("]")?),
            Token::Sign(_) => return Err(stray),
        };
        Ok(self.tree(at, kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_minijinja_reads_too() {
        let environment = minijinja::Environment::new();
        for text in [
            "a.b.c",
            "a.b <= c.d",
            "not a == 'x' and b in ['x', \"y\"] or c is not defined",
            "a|default(1) + 2 * -3",
            "'a' ~ b.c ~ 1.5",
            "(a or b) and not (c)",
            "x if y else z",
            "a['b'][0]",
            "a not in b",
            "'it\\'s' == a",
        ] {
            assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
            assert!(environment.compile_expression(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_stray_word_has_its_place() {
        for (text, at) in
            [("a b", 2), ("a ==", 3), ("a = b", 2), ("4h < a", 0), ("a && b", 2), ("'a", 0), ("", 0), ("f(x)", 1)]
        {
            assert_eq!(parse(text).map_err(|stray| stray.at), Err(at), "{text}");
        }
        assert!(parse(&"(".repeat(500)).is_err());
        assert!(parse(&"not ".repeat(500)).is_err());
    }
}
