//! Every text for people, Vietnamese and English. Rooms hand messages on as values; only `ui` renders them.
//!
//! The texts stand in `src/message/<language>/<room>.ftl` (Project Fluent). A test holds both languages to the same ids and
//! arguments, and every id named in the code to being there.

mod catalogue;
pub mod cause;
pub mod format;

pub use crate::model::Lang;

/// A text by its id, with what is filled in; a value until somebody renders it in a language.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The id in the catalogues.
    pub id: &'static str,
    /// What is filled in, by name.
    pub args: Vec<(&'static str, Arg)>,
}

/// What can be filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// As it stands.
    Text(String),
    /// A number, formatted as the language has it.
    Number(i64),
    /// A text in two languages.
    Both(crate::model::Text),
    /// Another message.
    Message(Box<Message>),
}

impl Message {
    /// The text `id` with nothing filled in yet.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// Fills in `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// The text in `lang`. A missing id renders as the id itself; a test keeps that from happening.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        catalogue::render(self, lang)
    }
}

/// Makes a [`Message`]: `message!("ledger-record-altered", seq = 7, file = path.display())`.
///
/// Values are anything with `Into<Arg>`: strings, integers, `Text`, messages.
#[macro_export]
macro_rules! message {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::message::Message::new($id)$(.with(stringify!($name), $value))*
    };
}
pub use crate::message;

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

impl From<crate::model::Text> for Arg {
    fn from(text: crate::model::Text) -> Self {
        Self::Both(text)
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl From<$number> for Arg {
            fn from(number: $number) -> Self { Self::Number(i64::try_from(number).unwrap_or(i64::MAX)) }
        }
    )+};
}
numbers!(i32, i64, u8, u16, u32, u64, usize);

/// The Vietnamese help of a command (`help-evidence-verify`) or an argument (`help-evidence-verify--json`), if there is one.
#[must_use]
pub fn help(id: &str) -> Option<String> {
    catalogue::help(id)
}

/// What `ui` needs of an error to show it: a stable code, what is wrong, what to do. The cause is `source()`.
pub trait Explain: std::error::Error {
    /// The code, a heading in `docs/diagnostics.md`.
    fn code(&self) -> &'static str;

    /// What is wrong, without its cause.
    fn message(&self) -> Message;

    /// What helps, if anything does.
    fn help(&self) -> Option<Message> {
        None
    }
}
