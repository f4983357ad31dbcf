//! What the endpoints of each resource do, whatever their rule: list, create, look, change, delete.

use axum::http::request::Parts;
use futures_util::future::BoxFuture;
use orgscope::axum::{FromBody, FromHead, Sent};
use orgscope::prelude::*;
use orgscope::problem::Problem;
use orgscope::write::Writes;
use orgscope::{Keyed, OrgFilter};

use super::Tenancy;
use super::inputs::*;
use super::models::{Book, Config, Library, Note, Shelf, Template};
use super::routes::Reply;

/// A resource.
pub trait Resource: Keyed + serde::Serialize + Send + Sized + 'static {
    /// What its lists can be filtered by.
    type Filter: OrgFilter<Model = Self>;

    /// Answers at the collection.
    fn collection(rows: Scoped<Self>, call: Call) -> Answering;

    /// Answers at one row.
    fn one(row: Self, rows: Scoped<Self>, call: Call) -> Answering;
}

/// Boxed, because there are a thousand handlers, whose code is to be small.
pub type Answering = BoxFuture<'static, Result<Reply, ApiError>>;

/// What an endpoint is called with, besides its rows. One argument instead of three keeps the handlers small.
pub struct Call {
    state: Tenancy,
    db: Db,
    parts: Parts,
    body: Vec<u8>,
}

impl FromBody<Tenancy> for Call {
    fn refuse(_: &Parts) -> Result<(), ApiError> {
        Ok(())
    }

    async fn from_body(mut parts: Parts, body: Vec<u8>, state: &Tenancy) -> Result<Call, ApiError> {
        Ok(Call {
            db: Db::from_head(&mut parts, state).await?,
            state: state.clone(),
            parts,
            body,
        })
    }
}

impl Call {
    /// The form of the input, from the path.
    fn form(&self) -> String {
        let params = Sent::params(&self.parts).expect("a path in UTF-8");
        let form = params.iter().find(|(name, _)| name == "form");
        form.map(|(_, form)| form.clone()).unwrap_or_default()
    }

    /// The body as an input.
    async fn input<T: Writes>(&mut self) -> Result<Input<T>, ApiError> {
        <Input<T> as FromBody<Tenancy>>::refuse(&self.parts)?;
        Input::from_body(self.parts.clone(), self.body.clone(), &self.state).await
    }
}

fn no_such_form() -> ApiError {
    Problem::new(400, "Bad Request", "There is no such form of this input.").into()
}

macro_rules! resources {
    ($($model:ident: $filter:ident {
        new { $($new:literal => $input:ident,)* }
        changes { $($changed:literal => $changes:ident,)* }
    })*) => {$(
        impl Resource for $model {
            type Filter = $filter;

            fn collection(rows: Scoped<Self>, mut call: Call) -> Answering {
                Box::pin(async move {
                if call.parts.method.as_str() != "POST" {
                    let Filtered::<$filter>(filters) =
                        Filtered::from_head(&mut call.parts, &call.state).await?;
                    let rows: Vec<$model> = rows.filtered(filters).load(&mut call.db).await?;
                    return Ok(Reply::ok(rows));
                }
                let row = match call.form().as_str() {
                    $($new => {
                        let input = call.input::<$input>().await?;
                        rows.insert(input).get_result(&mut call.db).await?
                    })*
                    _ => return Err(no_such_form()),
                };
                Ok(Reply::created(row))
                })
            }

            fn one(row: Self, rows: Scoped<Self>, mut call: Call) -> Answering {
                Box::pin(async move {
                let key = row.key();
                match call.parts.method.as_str() {
                    "DELETE" => {
                        rows.find(key).delete().execute(&mut call.db).await?;
                        return Ok(Reply::no_content());
                    }
                    "PUT" | "PATCH" => {}
                    _ => return Ok(Reply::ok(row)),
                }
                let row = match call.form().as_str() {
                    $($changed => {
                        let changes = call.input::<$changes>().await?;
                        rows.find(key).update(changes).get_result(&mut call.db).await?
                    })*
                    _ => return Err(no_such_form()),
                };
                Ok(Reply::ok(row))
                })
            }
        }
    )*};
}

resources! {
    Template: TemplateFilter {
        new {
            "plain" => NewTemplate, "shared" => NewTemplateShared,
            "readonly" => NewTemplateReadOnly, "aliased" => NewTemplateAliased,
        }
        changes { "plain" => TemplateChanges, "shared" => TemplateChangesShared, }
    }
    Shelf: ShelfFilter {
        new { "plain" => NewShelf, "shared" => NewShelfShared, }
        changes { "plain" => ShelfChanges, "shared" => ShelfChangesShared, }
    }
    Config: ConfigFilter {
        new { "plain" => NewConfig, "shared" => NewConfigShared, }
        changes { "plain" => ConfigChanges, "shared" => ConfigChangesShared, }
    }
    Book: BookFilter {
        new { "plain" => NewBook, "shared" => NewBookShared, "nested" => NewBookNested, }
        changes { "plain" => BookChanges, "shared" => BookChangesShared, }
    }
    Library: LibraryFilter {
        new { "plain" => NewLibrary, "shared" => NewLibraryShared, }
        changes { "plain" => LibraryChanges, "shared" => LibraryChangesShared, }
    }
    Note: NoteFilter {
        new { "plain" => NewNote, "shared" => NewNoteShared, }
        changes { "plain" => NoteChanges, "shared" => NoteChangesShared, }
    }
}
