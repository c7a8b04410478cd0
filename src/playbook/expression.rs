//! Values of expressions and templates, by minijinja held short: fuel, strict undefined, and nothing unknown is printed.
//!
//! Of Jinja only `{{ expression }}` exists here: `{% %}` and `{# #}` are plain text. What is null or absent in the scope is
//! *unknown*: a truth that rests on it is unknown too, and printing it is a fault.

use std::cell::Cell;
use std::sync::{Arc, LazyLock};

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, ValueKind as Kind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value as Inner};
use serde_json::{Map, Value};

use crate::message::{Explain, Message, message};
use crate::model::{Expression, Template};

/// Steps of the interpreter that one expression may take.
const FUEL: u64 = 20_000;

/// The longest expression, in bytes: minijinja's compiler recurses once an operator.
pub(crate) const LONGEST_EXPRESSION: usize = 1000;

/// The longest text that one template may give, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// What expressions can name: one object with `inputs`, `steps`, `each`, `clocks`, `secret`.
#[derive(Clone, Debug)]
pub struct Scope {
    value: Value,
    inner: Inner,
}

impl Scope {
    /// The scope in which the members of `value` (an object) are the names.
    #[must_use]
    pub fn new(value: Value) -> Self {
        let inner = to_inner(&value);
        Self { value, inner }
    }

    /// What it was made of.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl From<Value> for Scope {
    fn from(value: Value) -> Self {
        Self::new(value)
    }
}

/// Why an expression gives nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not an expression.
    #[error("`{expression}` is not an expression: {detail}")]
    Syntax {
        /// The expression.
        expression: String,
        /// What minijinja says.
        detail: String,
    },
    /// It rests on a value that is not known.
    #[error("`{expression}` is not known")]
    Unknown {
        /// The expression.
        expression: String,
    },
    /// True or false was asked for.
    #[error("`{expression}` gives neither true nor false")]
    NotBoolean {
        /// The expression.
        expression: String,
    },
    /// A list or an object stands where text is asked for.
    #[error("`{expression}` is a list or an object, which has no text")]
    NotText {
        /// The expression.
        expression: String,
    },
    /// It takes too long or gives too much.
    #[error("`{expression}` takes too long or gives too much")]
    TooMuch {
        /// The expression.
        expression: String,
    },
    /// It cannot be worked out from these values.
    #[error("`{expression}` cannot be worked out: {detail}")]
    Failed {
        /// The expression.
        expression: String,
        /// What minijinja says.
        detail: String,
    },
}

impl Explain for Fault {
    fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "expression-syntax",
            Self::Unknown { .. } => "expression-unknown",
            Self::NotBoolean { .. } => "expression-not-boolean",
            Self::NotText { .. } => "expression-not-text",
            Self::TooMuch { .. } => "expression-too-much",
            Self::Failed { .. } => "expression-failed",
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Syntax { expression, detail } => {
                message!("playbook-expression-syntax", expression = expression.as_str(), detail = detail.as_str())
            }
            Self::Unknown { expression } => message!("playbook-expression-unknown", expression = expression.as_str()),
            Self::NotBoolean { expression } => {
                message!("playbook-expression-not-boolean", expression = expression.as_str())
            }
            Self::NotText { expression } => message!("playbook-expression-not-text", expression = expression.as_str()),
            Self::TooMuch { expression } => message!("playbook-expression-too-much", expression = expression.as_str()),
            Self::Failed { expression, detail } => {
                message!("playbook-expression-failed", expression = expression.as_str(), detail = detail.as_str())
            }
        }
    }
}

/// Whether `expression` holds; `None` where that rests on a value that is not known.
///
/// # Errors
///
/// It is no expression, gives something else than true or false, or cannot be worked out.
pub fn truth(expression: &Expression, scope: &Scope) -> Result<Option<bool>, Fault> {
    let Some(value) = evaluate(&expression.0, scope)? else { return Ok(None) };
    match value.kind() {
        Kind::Bool => Ok(Some(value.is_true())),
        _ => Err(Fault::NotBoolean { expression: expression.0.clone() }),
    }
}

/// The text of `template`: every `{{ … }}` in it replaced.
///
/// # Errors
///
/// [`Fault::Unknown`] where a value is not known; else as for [`truth`].
pub fn fill(template: &Template, scope: &Scope) -> Result<String, Fault> {
    let mut text = String::new();
    for piece in pieces(&template.0) {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Open(rest) => {
                let expression = rest.to_owned();
                return Err(Fault::Syntax { expression, detail: "`}}` is missing".to_owned() });
            }
            Piece::Expression { source, .. } => {
                let source = source.trim();
                let value = evaluate(source, scope)?.ok_or_else(|| Fault::Unknown { expression: source.to_owned() })?;
                match value.kind() {
                    Kind::Bool | Kind::Number | Kind::String => text.push_str(&value.to_string()),
                    _ => return Err(Fault::NotText { expression: source.to_owned() }),
                }
            }
        }
        if text.len() > LONGEST {
            return Err(Fault::TooMuch { expression: template.0.clone() });
        }
    }
    Ok(text)
}

/// The value of `template`: of the expression with its type, where the whole is one `{{ … }}`; else its text.
///
/// `None` where it rests on a value that is not known.
///
/// # Errors
///
/// As for [`truth`].
pub fn value(template: &Template, scope: &Scope) -> Result<Option<Value>, Fault> {
    let whole = whole(&template.0);
    match whole {
        Some(source) => match evaluate(source, scope)? {
            None => Ok(None),
            Some(value) => {
                from_inner(&value, 0).map(Some).ok_or_else(|| Fault::NotText { expression: source.to_owned() })
            }
        },
        None => match fill(template, scope) {
            Ok(text) => Ok(Some(Value::String(text))),
            Err(Fault::Unknown { .. }) => Ok(None),
            Err(fault) => Err(fault),
        },
    }
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text that stands as it is.
    Literal(&'a str),
    /// What stands between `{{` and `}}`, and its offset in the template in bytes.
    Expression {
        /// The text between, untrimmed.
        source: &'a str,
        /// Its offset.
        offset: usize,
    },
    /// A `{{` without its `}}`, from the braces on.
    Open(&'a str),
}

/// The parts of a template, in order. Braces inside a quoted text of an expression do not end it.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|found| at + found) {
        if open > at {
            all.push(Piece::Literal(&text[at..open]));
        }
        let offset = open + 2;
        let Some(end) = closing(&text[offset..]) else {
            all.push(Piece::Open(&text[open..]));
            return all;
        };
        all.push(Piece::Expression { source: &text[offset..offset + end], offset });
        at = offset + end + 2;
    }
    if at < text.len() {
        all.push(Piece::Literal(&text[at..]));
    }
    all
}

fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        if let Some(open) = quote {
            if !escaped && byte == open {
                quote = None;
            }
            escaped = !escaped && byte == b'\\';
        } else if byte == b'"' || byte == b'\'' {
            quote = Some(byte);
        } else if byte == b'}' && text.as_bytes().get(index + 1) == Some(&b'}') {
            return Some(index);
        }
    }
    None
}

/// The expression, where the whole string is one `{{ … }}`.
pub(crate) fn whole(text: &str) -> Option<&str> {
    match pieces(text.trim()).as_slice() {
        [Piece::Expression { source, .. }] => Some(source.trim()),
        _ => None,
    }
}

thread_local! {
    /// How many unknown values the expression at hand has met and not dealt with (`is defined`, `default`).
    static UNKNOWN: Cell<i64> = const { Cell::new(0) };
}

fn met_unknown(change: i64) {
    UNKNOWN.with(|count| count.set(count.get() + change));
}

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    for name in ["range", "dict", "debug", "namespace"] {
        environment.remove_global(name);
    }
    environment.add_test("defined", |value: Inner| {
        dealt_with(&value);
        !value.is_undefined()
    });
    environment.add_test("undefined", |value: Inner| {
        dealt_with(&value);
        value.is_undefined()
    });
    environment.add_filter("default", default);
    environment
});

fn dealt_with(value: &Inner) {
    if value.is_undefined() {
        met_unknown(-1);
    }
}

fn default(_: &State, value: Inner, other: Inner, _: Kwargs) -> Inner {
    dealt_with(&value);
    if value.is_undefined() { other } else { value }
}

/// The value of an expression, `None` where it rests on an unknown one.
fn evaluate(source: &str, scope: &Scope) -> Result<Option<Inner>, Fault> {
    let expression = || source.to_owned();
    if source.len() > LONGEST_EXPRESSION {
        return Err(Fault::TooMuch { expression: source.chars().take(40).collect() });
    }
    let compiled = ENVIRONMENT
        .compile_expression(source)
        .map_err(|error| Fault::Syntax { expression: expression(), detail: detail(&error) })?;
    UNKNOWN.with(|count| count.set(0));
    let result = compiled.eval(scope.inner.clone());
    let unknown = UNKNOWN.with(Cell::get) > 0;
    match result {
        Ok(value) if unknown || value.is_undefined() || value.is_none() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(error) => match error.kind() {
            _ if unknown => Ok(None),
            ErrorKind::UndefinedError => Ok(None),
            ErrorKind::OutOfFuel => Err(Fault::TooMuch { expression: expression() }),
            _ => Err(Fault::Failed { expression: expression(), detail: detail(&error) }),
        },
    }
}

fn detail(error: &Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}

/// An object of the scope that notices when something it does not have is asked for.
#[derive(Debug)]
struct Node(indexmap::IndexMap<String, Inner>);

impl Object for Node {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Inner) -> Option<Inner> {
        let found = key.as_str().and_then(|key| self.0.get(key)).cloned();
        if found.is_none() {
            met_unknown(1);
        }
        found
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.keys().map(|key| Inner::from(key.as_str())).collect())
    }
}

/// Null members are left out: unknown is unknown, however it is written.
fn to_inner(value: &Value) -> Inner {
    match value {
        Value::Null => Inner::UNDEFINED,
        Value::Bool(truth) => Inner::from(*truth),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), _, _) => Inner::from(whole),
            (None, Some(whole), _) => Inner::from(whole),
            (None, None, Some(real)) => Inner::from(real),
            (None, None, None) => Inner::UNDEFINED,
        },
        Value::String(text) => Inner::from(text.as_str()),
        Value::Array(items) => items.iter().map(to_inner).collect(),
        Value::Object(members) => Inner::from_object(Node(
            members
                .iter()
                .filter(|(_, member)| !member.is_null())
                .map(|(name, member)| (name.clone(), to_inner(member)))
                .collect(),
        )),
    }
}

fn from_inner(value: &Inner, depth: usize) -> Option<Value> {
    if depth > 64 {
        return None;
    }
    match value.kind() {
        Kind::Bool => Some(Value::Bool(value.is_true())),
        Kind::Number => {
            if let Ok(whole) = i64::try_from(value.clone()) {
                Some(Value::from(whole))
            } else {
                f64::try_from(value.clone()).ok().and_then(serde_json::Number::from_f64).map(Value::Number)
            }
        }
        Kind::String => value.as_str().map(Value::from),
        Kind::Seq | Kind::Iterable => value
            .try_iter()
            .ok()?
            .map(|item| from_inner(&item, depth + 1))
            .collect::<Option<Vec<_>>>()
            .map(Value::Array),
        Kind::Map => {
            let mut members = Map::new();
            for key in value.try_iter().ok()? {
                let member = value.get_item(&key).ok()?;
                members.insert(key.as_str()?.to_owned(), from_inner(&member, depth + 1)?);
            }
            Some(Value::Object(members))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scope() -> Scope {
        Scope::new(json!({
            "inputs": { "system": { "id": "one-stop", "objectives": { "rto": 14400, "rpo": null } }, "list": ["a", "b"] },
            "steps": { "look": { "outcome": "done", "exit": 0 }, "later": {} },
            "clocks": { "rto": { "seconds": 1200 }, "loss": { "seconds": null } },
        }))
    }

    fn holds(text: &str) -> Result<Option<bool>, Fault> {
        truth(&Expression(text.to_owned()), &scope())
    }

    fn filled(text: &str) -> Result<String, Fault> {
        fill(&Template(text.to_owned()), &scope())
    }

    fn valued(text: &str) -> Result<Option<Value>, Fault> {
        value(&Template(text.to_owned()), &scope())
    }

    #[test]
    fn a_truth_is_known_where_all_it_rests_on_is_known() {
        assert_eq!(holds("clocks.rto.seconds <= inputs.system.objectives.rto"), Ok(Some(true)));
        assert_eq!(holds("steps.look.exit == 0 and steps.look.outcome == 'failed'"), Ok(Some(false)));
        assert_eq!(holds("not steps.look.exit == 0"), Ok(Some(false)));
    }

    #[test]
    fn a_truth_that_rests_on_an_unknown_value_is_unknown() {
        assert_eq!(holds("clocks.loss.seconds <= 5"), Ok(None));
        assert_eq!(holds("5 >= inputs.system.objectives.rpo"), Ok(None));
        assert_eq!(holds("steps.later.exit == 0"), Ok(None));
        assert_eq!(holds("steps.nowhere.exit == 0"), Ok(None));
        assert_eq!(holds("not steps.later.ok"), Ok(None));
        assert_eq!(holds("steps.look.exit == 0 or steps.later.exit == 0"), Ok(Some(true)));
    }

    #[test]
    fn an_unknown_value_can_be_asked_for_and_stood_in_for() {
        assert_eq!(holds("steps.later.exit is defined"), Ok(Some(false)));
        assert_eq!(holds("steps.look.exit is defined and steps.look.exit == 0"), Ok(Some(true)));
        assert_eq!(holds("steps.later.exit|default(1) == 1"), Ok(Some(true)));
        assert_eq!(filled("{{ clocks.loss.seconds|default('(none)') }}"), Ok("(none)".to_owned()));
    }

    #[test]
    fn only_true_and_false_are_truths() {
        assert!(matches!(holds("steps.look.exit"), Err(Fault::NotBoolean { .. })));
        assert!(matches!(holds("1 +"), Err(Fault::Syntax { .. })));
    }

    #[test]
    fn nothing_unknown_is_ever_printed() {
        assert_eq!(filled("{{ inputs.system.id }}:{{ steps.look.exit + 1 }}"), Ok("one-stop:1".to_owned()));
        for text in ["x {{ steps.later.exit }}", "{{ inputs.system.objectives.rpo }}", "{{ nothing }}", "{{ none }}"] {
            assert!(matches!(filled(text), Err(Fault::Unknown { .. })), "{text}: {:?}", filled(text));
        }
        assert!(matches!(filled("{{ inputs.system }}"), Err(Fault::NotText { .. })));
    }

    #[test]
    fn a_whole_expression_keeps_its_type() {
        assert_eq!(valued("{{ inputs.system.objectives.rto }}"), Ok(Some(json!(14400))));
        assert_eq!(valued(" {{ inputs.list }} "), Ok(Some(json!(["a", "b"]))));
        assert_eq!(valued("{{ inputs.system.objectives }}"), Ok(Some(json!({ "rto": 14400 }))));
        assert_eq!(valued("{{ clocks.rto.seconds }} s"), Ok(Some(json!("1200 s"))));
        assert_eq!(valued("{{ clocks.loss.seconds }}"), Ok(None));
        assert_eq!(valued("4h"), Ok(Some(json!("4h"))));
    }

    #[test]
    fn other_braces_are_plain_text() {
        assert_eq!(filled("{% if %} {# x #} }} ${HOME}"), Ok("{% if %} {# x #} }} ${HOME}".to_owned()));
        assert_eq!(filled("{{ '}}' }}"), Ok("}}".to_owned()));
        assert!(matches!(filled("a {{ b"), Err(Fault::Syntax { .. })));
    }

    #[test]
    fn an_expression_without_end_is_stopped() {
        for piece in ["1 + ", "not ", "(", "[", "1 and ", "{'a':", "-", "a.", "a[", "1 if "] {
            assert!(!matches!(holds(&piece.repeat(30_000)), Ok(Some(_))), "{piece}");
            let long = piece.repeat(LONGEST_EXPRESSION / piece.len() - 1);
            assert!(!matches!(holds(&format!("{long}1")), Ok(Some(true))), "{piece}");
        }
        assert!(filled("{{ 'x' * 100000000000 }}").is_err());
        assert!(matches!(holds("range(10) == 1"), Err(_) | Ok(None)));
    }
}
