//! The few pieces of HTML that the services are made of.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// A whole page.
pub(super) fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>\n\
         <p><strong>MÔI TRƯỜNG DIỄN TẬP - DỮ LIỆU MẪU</strong></p>\n{body}\n</body></html>\n"
    );
    (status, Html(html)).into_response()
}

/// `text` with what means something in HTML taken out of it.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
