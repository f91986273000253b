//! The index on disk or in memory, its batches and its searches.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use kernel::{Error, Result};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::LogMergePolicy;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::collect::{Hit, ORDER_FIELD, Pass, Scratch};
use super::dictionary::Dictionary;
use super::entry::{Class, Entry};
use super::query::{Asked, Group};
use super::stem::Forms;
use super::vocabulary::Vocabulary;
use super::words::has_digit;

/// Memory for the words of a batch before they go to disk; tantivy's least.
const BATCH_BYTES: usize = 15_000_000;
/// From so many small parts on, a commit joins them.
const MIN_PARTS_TO_JOIN: usize = 4;
/// Parts of fewer products are one level for joining.
const SMALL_PART_PRODUCTS: u32 = 2_000;
/// A part with a greater share of replaced products is written anew.
const MOST_REPLACED: f32 = 0.3;
/// Farthest result that can be asked for.
const MAX_RESULT: usize = 10_000;
/// The mark of a product that is not sold any more.
const INACTIVE: &str = "inactive";

#[derive(Debug, Clone, Copy)]
struct Fields {
    id: Field,
    key_high: Field,
    key_low: Field,
    order: Field,
    plain: Field,
    models: Field,
    codes: Field,
    marks: Field,
}

/// The index of one workspace. Cheap to search from many threads; one batch is written at a time.
pub struct Engine {
    index: Index,
    reader: IndexReader,
    view: RwLock<Arc<View>>,
    fields: Fields,
    writing: Mutex<()>,
    scratch: Mutex<Vec<Scratch>>,
}

/// One state of the index, as searches see it.
struct View {
    searcher: Searcher,
    vocabulary: Vocabulary,
    /// What the commit was marked with that it shows at least.
    mark: Option<String>,
}

impl View {
    fn of(reader: &IndexReader, fields: Fields, mark: Option<String>) -> Result<Self> {
        let searcher = reader.searcher();
        let vocabulary = Vocabulary::read(&searcher, fields.plain)?;
        Ok(Self { searcher, vocabulary, mark })
    }
}

/// What a search leaves out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only products of this category or of one below it.
    pub category: Option<u128>,
    /// Also products that are not sold any more.
    pub with_inactive: bool,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The keys of the page asked for, best first.
    pub keys: Vec<u128>,
    /// How many products answer.
    pub total: usize,
    /// How many things were asked for that the index knows.
    pub asked: usize,
    /// How many of them every product of the answer has. Fewer than `asked`: nothing has them all, these come nearest.
    pub answered: usize,
    /// How many words were asked for that no product has.
    pub unknown: usize,
}

impl Found {
    /// True when each product has everything that was asked for.
    pub fn is_whole(&self) -> bool {
        self.total > 0 && self.unknown == 0 && self.answered >= self.asked
    }
}

impl Engine {
    /// Opens the index in a folder, or makes an empty one. An index that cannot be read, or of another version, is
    /// thrown away and made anew: it holds nothing that the database does not. [`Engine::mark`] tells whether it is new.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(Error::internal)?;
        Self::open_as_is(folder).or_else(|_| {
            std::fs::remove_dir_all(folder).map_err(Error::internal)?;
            std::fs::create_dir_all(folder).map_err(Error::internal)?;
            Self::open_as_is(folder)
        })
    }

    /// An empty index in memory.
    pub fn in_memory() -> Result<Self> {
        let (schema, fields) = schema();
        Self::over(Index::create_in_ram(schema), fields)
    }

    fn open_as_is(folder: &Path) -> Result<Self> {
        let (schema, fields) = schema();
        let directory = MmapDirectory::open(folder).map_err(Error::internal)?;
        let index = Index::open_or_create(directory, schema).map_err(Error::internal)?;
        Self::over(index, fields)
    }

    fn over(index: Index, fields: Fields) -> Result<Self> {
        // Before the reader looks: what it shows is at least what the mark says.
        let mark = index.load_metas().map_err(Error::internal)?.payload;
        let reader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(Error::internal)?;
        let view = RwLock::new(Arc::new(View::of(&reader, fields, mark)?));
        Ok(Self { index, reader, view, fields, writing: Mutex::new(()), scratch: Mutex::new(Vec::new()) })
    }

    /// What the last commit was marked with; nothing for an index that was never committed.
    pub fn mark(&self) -> Result<Option<String>> {
        Ok(self.index.load_metas().map_err(Error::internal)?.payload)
    }

    /// [`Engine::mark`] of what searches see: while a commit is under way they see what was before it.
    pub fn shown_mark(&self) -> Option<String> {
        self.view().mark.clone()
    }

    /// How many products it holds.
    pub fn len(&self) -> usize {
        usize::try_from(self.view().searcher.num_docs()).unwrap_or(usize::MAX)
    }

    /// True when it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Begins a batch; waits for another one to end.
    pub fn batch(&self) -> Result<Batch<'_>> {
        let turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let writer: IndexWriter =
            self.index.writer_with_num_threads(1, BATCH_BYTES).map_err(Error::internal)?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(MIN_PARTS_TO_JOIN);
        policy.set_min_layer_size(SMALL_PART_PRODUCTS);
        policy.set_del_docs_ratio_before_merge(MOST_REPLACED);
        writer.set_merge_policy(Box::new(policy));
        Ok(Batch { engine: self, writer, forms: Forms::default(), _turn: turn })
    }

    /// Products that answer what a person typed, best first: an exact code or barcode, then those that have all that is
    /// asked for, else those that have most of it. `offset` and `limit` choose the page.
    pub fn search(&self, text: &str, filter: &Filter, offset: usize, limit: usize) -> Result<Found> {
        let View { searcher, vocabulary, mark: _ } = &*self.view();
        let dictionary = Dictionary::of(searcher, self.fields.plain, self.fields.models, vocabulary)?;
        let asked = Asked::read(text, &dictionary)?;
        let mut scratch = self.lent_scratch();
        let found = self.find(searcher, &dictionary, &asked, filter, &mut scratch, offset, limit);
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        found
    }

    fn find(
        &self,
        searcher: &Searcher,
        dictionary: &Dictionary<'_>,
        asked: &Asked,
        filter: &Filter,
        scratch: &mut Scratch,
        offset: usize,
        limit: usize,
    ) -> Result<Found> {
        let category = filter.category.map(category_mark);
        let pass = |groups: &[Group], least: Class, at_least: usize, scratch: &mut Scratch| {
            let pass = Pass {
                plain: self.fields.plain,
                models: self.fields.models,
                codes: self.fields.codes,
                marks: self.fields.marks,
                groups,
                code: &asked.code,
                required: category.as_deref(),
                excluded: (!filter.with_inactive).then_some(INACTIVE),
                least,
            };
            pass.run(searcher, scratch, u8::try_from(at_least).unwrap_or(u8::MAX))
        };
        let all = asked.groups.len();
        let mut hits = pass(&asked.groups, Class::Near, all, scratch)?;
        if hits.hits.is_empty() && all > 0 {
            // Nothing has all: nearer spellings and descriptions, then fewer words, then whatever there is.
            let wide = asked.widened(dictionary)?;
            for (groups, least, at_least) in
                [(&wide, Class::About, all), (&asked.groups, Class::Near, 1), (&wide, Class::Far, 1)]
            {
                hits = pass(groups, least, at_least, scratch)?;
                if !hits.hits.is_empty() {
                    break;
                }
            }
        }
        let total = hits.hits.len();
        let level = usize::from(hits.groups);
        let (answered, unknown) = match total {
            0 => (0, asked.unknown),
            // Above all groups stands a code that was meant as a whole.
            _ if level > all => (all, 0),
            _ => (level, asked.unknown),
        };
        let keys = self.keys(searcher, page(hits.hits, offset, limit))?;
        Ok(Found { keys, total, asked: all, answered, unknown })
    }

    fn keys(&self, searcher: &Searcher, hits: Vec<Hit>) -> Result<Vec<u128>> {
        hits.into_iter()
            .map(|hit| {
                let segment = searcher.segment_readers().get(hit.segment).ok_or_else(Error::not_found)?;
                let part = |name: &str| -> Result<u128> {
                    let column = segment.fast_fields().u64(name).map_err(Error::internal)?;
                    Ok(u128::from(column.first(hit.doc).unwrap_or(0)))
                };
                Ok(part("key_high")? << 64 | part("key_low")?)
            })
            .collect()
    }

    fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows what the last commit left to searches.
    fn refresh(&self) -> Result<()> {
        let mark = self.mark()?;
        self.reader.reload().map_err(Error::internal)?;
        let view = View::of(&self.reader, self.fields, mark)?;
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        Ok(())
    }

    fn lent_scratch(&self) -> Scratch {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

/// The hits of one page, in order, without sorting those after it.
fn page(mut hits: Vec<Hit>, offset: usize, limit: usize) -> Vec<Hit> {
    let end = offset.saturating_add(limit).min(MAX_RESULT);
    if end == 0 || offset >= hits.len() {
        return Vec::new();
    }
    if end < hits.len() {
        hits.select_nth_unstable(end);
        hits.truncate(end);
    }
    hits.sort_unstable();
    hits.split_off(offset)
}

/// Changes that become visible together.
pub struct Batch<'a> {
    engine: &'a Engine,
    writer: IndexWriter,
    forms: Forms,
    _turn: MutexGuard<'a, ()>,
}

impl Batch<'_> {
    /// Adds an entry, or replaces the one with its key.
    pub fn upsert(&mut self, entry: &Entry) -> Result<()> {
        let Entry {
            key,
            code: _,
            barcode: _,
            names: _,
            brand: _,
            categories,
            synonyms: _,
            about: _,
            active,
            order,
        } = entry;
        self.remove(*key);
        let fields = self.engine.fields;
        let terms = entry.terms(&mut self.forms);
        let mut document = TantivyDocument::default();
        document.add_text(fields.id, hex(*key));
        document.add_u64(fields.key_high, half(*key >> 64));
        document.add_u64(fields.key_low, half(*key));
        let words = u64::try_from(terms.name_words).unwrap_or(u64::MAX).min(255);
        document.add_u64(fields.order, words << 32 | u64::from(*order));
        let (mut plain, mut models) = (String::new(), String::new());
        for (term, class) in &terms.terms {
            let text = if has_digit(term) { &mut models } else { &mut plain };
            for _ in 0..class.repeats() {
                text.push_str(term);
                text.push(' ');
            }
        }
        document.add_text(fields.plain, plain);
        document.add_text(fields.models, models);
        for code in terms.codes {
            document.add_text(fields.codes, code);
        }
        for category in categories {
            document.add_text(fields.marks, category_mark(category.key));
        }
        if !active {
            document.add_text(fields.marks, INACTIVE);
        }
        self.writer.add_document(document).map_err(Error::internal)?;
        Ok(())
    }

    /// Takes an entry out; nothing happens when there is none.
    pub fn remove(&mut self, key: u128) {
        self.writer.delete_term(Term::from_field_text(self.engine.fields.id, &hex(key)));
    }

    /// Takes everything out, also what the batch added before.
    pub fn clear(&mut self) -> Result<()> {
        self.writer.delete_all_documents().map_err(Error::internal)?;
        Ok(())
    }

    /// Writes the batch durably together with its mark, and shows it to searches. Without this nothing has happened.
    pub fn commit(mut self, mark: &str) -> Result<()> {
        let mut prepared = self.writer.prepare_commit().map_err(Error::internal)?;
        prepared.set_payload(mark);
        prepared.commit().map_err(Error::internal)?;
        self.writer.wait_merging_threads().map_err(Error::internal)?;
        self.engine.refresh()
    }
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::WithFreqs),
    );
    let number = NumericOptions::from(FAST);
    let fields = Fields {
        id: schema.add_text_field("id", STRING),
        key_high: schema.add_u64_field("key_high", number.clone()),
        key_low: schema.add_u64_field("key_low", number.clone()),
        order: schema.add_u64_field(ORDER_FIELD, number),
        plain: schema.add_text_field("plain", text.clone()),
        models: schema.add_text_field("models", text),
        codes: schema.add_text_field("codes", STRING),
        marks: schema.add_text_field("marks", STRING),
    };
    (schema.build(), fields)
}

fn hex(key: u128) -> String {
    format!("{key:032x}")
}

fn category_mark(key: u128) -> String {
    format!("c{key:032x}")
}

fn half(key: u128) -> u64 {
    u64::try_from(key & u128::from(u64::MAX)).unwrap_or(0)
}
