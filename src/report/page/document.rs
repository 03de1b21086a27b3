//! Head, sections -> one HTML document: skip link, contents, sections, footer, style sheet inside.
//!
//! A content security policy in the head forbids scripts and network for good.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::report::texts::{Texts, fill};

const STYLE: &str = include_str!("../style.css");

/// Id, title and content.
pub(super) type Section<'a> = (&'a str, &'a str, Markup);

/// The document; `header` stands above the contents.
pub(super) fn document(
    texts: &Texts,
    title: &str,
    version: &str,
    header: &Markup,
    sections: &[Section],
) -> String {
    let document = html! {
        (DOCTYPE)
        html lang=(texts.lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="generator" content={ "segtrail " (version) };
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { (texts.skip) }
                header {
                    (header)
                    nav aria-label=(texts.contents) {
                        ul {
                            @for (id, title, _) in sections {
                                li { a href={ "#" (id) } { (title) } }
                            }
                        }
                    }
                }
                main id="main" tabindex="-1" {
                    @for (id, title, content) in sections {
                        section id=(id) aria-labelledby={ (id) "-title" } {
                            h2 id={ (id) "-title" } { (title) }
                            (content)
                        }
                    }
                }
                footer { p { (fill(texts.footer, &[("version", version)])) } }
            }
        }
    };
    document.into_string()
}
