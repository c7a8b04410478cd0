//! Read-only looks at services and at this host. A probe never changes what it looks at.

pub mod spec;

pub use spec::Spec;
