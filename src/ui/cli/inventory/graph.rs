//! `ungpho inventory graph`: which system needs which, and what fails with one of them.

use std::path::PathBuf;

use super::shelf::Shelf;
use crate::message::message;
use crate::model::Lang;
use crate::report::inventory::{self, Graph};
use crate::ui::table::table;
use crate::ui::{Context, Exit, Failure, reporting};

/// Show which system needs which, and what fails with one of them
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory graph --fails lgsp --format svg --out lgsp.svg")]
pub struct Args {
    /// Print it in this format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    /// Show what fails when this system fails, each with the way there
    #[arg(long, value_name = "SYSTEM")]
    fails: Option<String>,
    /// Write to this file (`-` is standard output)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    #[default]
    Table,
    Mermaid,
    Dot,
    Svg,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::read(context)?;
    let mut graph = Graph::of(&shelf.systems);
    if let Some(id) = &args.fails
        && !graph.fail(id)
    {
        shelf.system(id)?;
    }
    let lang = context.lang;
    let text = match args.format {
        _ if args.json => format!("{}\n", graph.json(lang)),
        Format::Table => lines(&graph, lang),
        Format::Mermaid => graph.write(inventory::Format::Mermaid, lang),
        Format::Dot => graph.write(inventory::Format::Dot, lang),
        Format::Svg => graph.write(inventory::Format::Svg, lang),
    };
    match &args.out {
        Some(out) if out.as_os_str() != "-" => {
            let path = context.folder.join(out);
            reporting::write(&path, &text)?;
            context.out(&format!("{}\n", path.display()));
        }
        _ => context.out(&text),
    }
    Ok(Exit::Passed)
}

/// `text`, marked where nobody has confirmed it.
fn marked(text: String, assumed: bool, lang: Lang) -> String {
    if assumed { message!("systems-marked", text = text).render(lang) } else { text }
}

/// The graph in words.
fn lines(graph: &Graph, lang: Lang) -> String {
    let ids = |all: &[usize], between: &str| {
        all.iter().map(|at| graph.nodes[*at].id.as_str()).collect::<Vec<_>>().join(between)
    };
    let mut text = String::new();
    if let Some(failing) = &graph.failing {
        let name = graph.name(failing.of, lang);
        if failing.paths.is_empty() {
            return message!("systems-fails-alone", system = name).render(lang) + "\n";
        }
        text.push_str(&(message!("systems-fails", system = name, count = failing.paths.len()).render(lang) + "\n"));
        let mut rows: Vec<(usize, Vec<String>)> = failing
            .paths
            .iter()
            .map(|(at, path)| {
                // The last one of a way needs nothing more.
                let assumed = path[..path.len() - 1].iter().any(|at| graph.assumed[*at]);
                let way = marked(ids(path, " → "), assumed, lang);
                (path.len(), vec![graph.nodes[*at].id.to_string(), graph.name(*at, lang), way])
            })
            .collect();
        rows.sort();
        let head = [message!("systems-column-id"), message!("systems-column-name-vi"), message!("systems-way")];
        let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
        text.push_str(&table(&head, &rows, lang));
    } else {
        let (needs, needed_by) = (graph.needs(), graph.needed_by());
        let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
        let rows: Vec<Vec<String>> = (0..graph.nodes.len())
            .map(|at| {
                vec![
                    graph.nodes[at].id.to_string(),
                    graph.name(at, lang),
                    marked(dash(ids(&needs[at], ", ")), graph.assumed[at], lang),
                    dash(ids(&needed_by[at], ", ")),
                ]
            })
            .collect();
        let head = [
            message!("systems-column-id"),
            message!("systems-column-name-vi"),
            message!("systems-needs"),
            message!("systems-needed-by"),
        ];
        text.push_str(&table(&head, &rows, lang));
    }
    for cycle in &graph.cycles {
        text.push_str(&(message!("systems-cycle", systems = ids(cycle, ", ")).render(lang) + "\n"));
    }
    text
}
