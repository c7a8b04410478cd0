//! The graph of systems as a picture that stands alone: no script, nothing from outside.

use super::graph::Graph;
use super::layout::{HEIGHT, Layout, WIDTH, layout};
use crate::message::{Lang, message};

/// Around the picture.
const MARGIN: f64 = 24.0;
/// What the heading takes.
const HEAD: f64 = 58.0;
/// How many characters a line of a box takes.
const LINE: usize = 32;
/// How many lines of a name a box takes.
const LINES: usize = 3;

const STYLE: &str = "text{font-family:'Noto Sans',Arial,sans-serif;fill:#1b1f24}.t{font-size:17px;font-weight:bold}\
.k{font-size:12px;fill:#57606a}.n{font-size:13px}.i{font-size:11px;fill:#57606a;font-family:'Noto Sans Mono',monospace}\
rect{fill:#eef3fb;stroke:#5b7db1;stroke-width:1.2}path{fill:none;stroke:#5b6b7f;stroke-width:1.4}\
.fails rect{fill:#fde7e4;stroke:#b3261e}.first rect{fill:#b3261e;stroke:#7a1a14}.first text{fill:#fff}\
.absent rect{fill:#fff;stroke:#888;stroke-dasharray:4 3}path.hot{stroke:#b3261e;stroke-width:2}path.round{stroke-dasharray:6 4}path.assumed{stroke-dasharray:1.5 3.5;stroke-linecap:round}\
#a path,#h path{stroke:none}#a path{fill:#5b6b7f}#h path{fill:#b3261e}";

pub(super) fn svg(graph: &Graph, lang: Lang) -> String {
    let places = layout(graph);
    // Edges inside a cycle stand out to the right of their layer.
    let (width, height) = (places.size.0.max(520.0) + 2.0 * MARGIN + 40.0, places.size.1 + 2.0 * MARGIN + HEAD);
    let title = match &graph.failing {
        Some(failing) => message!("systems-graph-fails", system = graph.name(failing.of, lang)).render(lang),
        None => message!("systems-graph-title").render(lang),
    };
    let title = escaped(&title);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\"><title>{title}</title><style>{STYLE}</style><defs>"
    );
    for id in ["a", "h"] {
        text.push_str(&format!(
            "<marker id=\"{id}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" \
             orient=\"auto-start-reverse\"><path d=\"M0 0L10 5L0 10z\"/></marker>"
        ));
    }
    text.push_str(&format!(
        "</defs><rect width=\"100%\" height=\"100%\" style=\"fill:#fff;stroke:none\"/>\
         <text class=\"t\" x=\"{MARGIN}\" y=\"{:.0}\">{title}</text><text class=\"k\" x=\"{MARGIN}\" y=\"{:.0}\">{}</text>\
         <g transform=\"translate({MARGIN} {:.0})\">\n",
        MARGIN + 12.0,
        MARGIN + 34.0,
        escaped(&message!("systems-graph-legend").render(lang)),
        MARGIN + HEAD,
    ));
    for number in 0..graph.edges.len() {
        text.push_str(&edge(graph, &places, number));
    }
    for at in 0..graph.nodes.len() {
        text.push_str(&node(graph, &places, at, lang));
    }
    text + "</g></svg>\n"
}

fn edge(graph: &Graph, places: &Layout, number: usize) -> String {
    let (from, to) = graph.edges[number];
    let (start, end) = (places.boxes[from], places.boxes[to]);
    let round = graph.in_cycle((from, to));
    let hot = graph.failing.as_ref().is_some_and(|failing| {
        let fails = |at| failing.of == at || failing.paths.contains_key(&at);
        fails(from) && fails(to)
    });
    let mut way = String::new();
    if round {
        // Both stand in one layer: out to the right and back.
        let (x, first, last) = (start.0 + WIDTH, start.1 + HEIGHT * 0.7, end.1 + HEIGHT * 0.3);
        let out = x + 34.0 + (last - first).abs().min(240.0) / 8.0;
        way.push_str(&format!("M{x:.1} {first:.1}C{out:.1} {first:.1} {out:.1} {last:.1} {x:.1} {last:.1}"));
    } else {
        let mut at = (start.0 + WIDTH, start.1 + HEIGHT / 2.0);
        way.push_str(&format!("M{:.1} {:.1}", at.0, at.1));
        let last = (end.0, end.1 + HEIGHT / 2.0);
        for point in places.ways[number].iter().copied().chain([last]) {
            let middle = f64::midpoint(at.0, point.0);
            way.push_str(&format!("C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}", at.1, point.1, point.0, point.1));
            at = point;
        }
    }
    let classes: Vec<&str> = [(hot, "hot"), (round, "round"), (graph.assumed[from], "assumed")]
        .into_iter()
        .filter_map(|(holds, class)| holds.then_some(class))
        .collect();
    let class = if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
    let marker = if hot { "h" } else { "a" };
    format!("<path d=\"{way}\"{class} marker-end=\"url(#{marker})\"/>\n")
}

fn node(graph: &Graph, places: &Layout, at: usize, lang: Lang) -> String {
    let (x, y) = places.boxes[at];
    let class = graph.class(at).map(|class| format!(" class=\"{class}\"")).unwrap_or_default();
    let name = graph.name(at, lang);
    let lines = wrapped(&name);
    let mut text = format!(
        "<g{class} transform=\"translate({x:.1} {y:.1})\"><title>{}</title><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         rx=\"7\"/>",
        escaped(&name)
    );
    // However many lines there are, they and the id stand in the middle.
    let mut down = match lines.len() {
        0 | 1 => 31.0,
        2 => 23.0,
        _ => 16.0,
    };
    for line in &lines {
        text.push_str(&format!("<text class=\"n\" x=\"11\" y=\"{down:.0}\">{}</text>", escaped(line)));
        down += 15.0;
    }
    text.push_str(&format!("<text class=\"i\" x=\"11\" y=\"{:.0}\">{}</text></g>\n", down + 1.0, graph.nodes[at].id));
    text
}

/// A name on three lines at most; what does not fit ends with an ellipsis, and the whole is in the title.
fn wrapped(name: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut words = name.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let last = lines.len() == LINES;
        let Some(line) = lines.last_mut() else { break };
        let length = line.chars().count() + usize::from(!line.is_empty()) + word.chars().count();
        // On the last line room is left for the ellipsis, unless nothing follows.
        let room = if last && words.peek().is_some() { LINE - 1 } else { LINE };
        if length <= room || line.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.extend(word.chars().take(LINE));
        } else if last {
            line.push('…');
            break;
        } else {
            lines.push(word.chars().take(LINE).collect());
        }
    }
    lines
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_whole_on_three_lines_and_only_a_longer_one_is_cut() {
        let name = "Hệ thống Đăng ký, giải quyết chính sách trợ giúp xã hội trực tuyến";
        assert_eq!(wrapped(name).join(" "), name);
        let longer = format!("{name} {name}");
        let lines = wrapped(&longer);
        assert_eq!(lines.len(), LINES);
        assert!(lines[2].ends_with('…') && lines.iter().all(|line| line.chars().count() <= LINE), "{lines:?}");
        assert_eq!(wrapped("Cổng"), ["Cổng"]);
    }
}
