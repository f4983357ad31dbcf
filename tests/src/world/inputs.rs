//! What the world's endpoints read: inputs, changes and filters. The forms of an input that recorded endpoints have are told
//! apart by a segment of the path.

use orgscope::prelude::*;

use super::Key;
use super::models::{
    Book, Config, Library, Note, Shelf, Template, books, configs, libraries, notes, shelves,
    templates,
};

/// An input of a model as it is, and one that may name shared rows.
macro_rules! inputs {
    (
        $derive:ident, $attribute:ident, $model:ident, $table:ident,
        $plain:ident, $shared:ident { $($(#[$meta:meta])* $field:ident: $ty:ty,)* }
    ) => {
        #[derive($derive)]
        #[diesel(table_name = $table)]
        #[$attribute(model = $model)]
        pub struct $plain { $($(#[$meta])* pub $field: $ty,)* }

        #[derive($derive)]
        #[diesel(table_name = $table)]
        #[$attribute(model = $model, include_shared)]
        pub struct $shared { $($(#[$meta])* pub $field: $ty,)* }
    };
}

inputs!(OrgInput, org_input, Template, templates, NewTemplate, NewTemplateShared {
    id: i32, name: String, organization_id: Option<Key>,
});
inputs!(OrgInput, org_input, Shelf, shelves, NewShelf, NewShelfShared {
    id: String, name: String, organization_id: Option<Key>, #[org_input(many)] tags: Vec<i32>,
});
inputs!(OrgInput, org_input, Config, configs, NewConfig, NewConfigShared {
    id: i32, name: String, organization_id: Key, template_id: Option<i32>,
});
inputs!(OrgInput, org_input, Book, books, NewBook, NewBookShared {
    id: String, name: String, organization_id: Key, shelf_id: Option<String>,
});
inputs!(
    OrgInput,
    org_input,
    Library,
    libraries,
    NewLibrary,
    NewLibraryShared {
        id: i32,
        name: String,
        book_id: String,
    }
);
inputs!(OrgInput, org_input, Note, notes, NewNote, NewNoteShared {
    id: i32, name: String, config_id: Option<i32>, library_id: Option<i32>,
});

inputs!(OrgChangeset, org_changeset, Template, templates, TemplateChanges, TemplateChangesShared {
    name: Option<String>, organization_id: Option<Option<Key>>,
});
inputs!(OrgChangeset, org_changeset, Shelf, shelves, ShelfChanges, ShelfChangesShared {
    name: Option<String>,
    organization_id: Option<Option<Key>>,
    #[org_changeset(many)] tags: Option<Vec<i32>>,
});
inputs!(OrgChangeset, org_changeset, Config, configs, ConfigChanges, ConfigChangesShared {
    name: Option<String>, organization_id: Option<Key>, template_id: Option<Option<i32>>,
});
inputs!(OrgChangeset, org_changeset, Book, books, BookChanges, BookChangesShared {
    name: Option<String>, organization_id: Option<Key>, shelf_id: Option<Option<String>>,
});
inputs!(OrgChangeset, org_changeset, Library, libraries, LibraryChanges, LibraryChangesShared {
    name: Option<String>, book_id: Option<String>,
});
inputs!(OrgChangeset, org_changeset, Note, notes, NoteChanges, NoteChangesShared {
    name: Option<String>, config_id: Option<Option<i32>>, library_id: Option<Option<i32>>,
});

/// The organization cannot be written.
#[derive(OrgInput)]
#[diesel(table_name = templates)]
#[org_input(model = Template, ignore = [organization])]
pub struct NewTemplateReadOnly {
    pub id: i32,
    pub name: String,
}

/// The organization has another name.
#[derive(OrgInput)]
#[diesel(table_name = templates)]
#[org_input(model = Template)]
pub struct NewTemplateAliased {
    pub id: i32,
    pub name: String,
    #[org_input(rename = "org")]
    pub organization_id: Option<Key>,
}

/// The shelf is made along with the book.
#[derive(OrgInput)]
#[diesel(table_name = books)]
#[org_input(model = Book)]
pub struct NewBookNested {
    pub id: String,
    pub name: String,
    pub organization_id: Key,
    #[org_input(nested = shelf_id)]
    pub shelf: NewShelf,
}

#[derive(OrgFilter)]
#[diesel(table_name = templates)]
#[org_filter(model = Template, fields(organization, organization_slug, name))]
pub struct TemplateFilter;

#[derive(OrgFilter)]
#[diesel(table_name = shelves)]
#[org_filter(model = Shelf, fields(organization, organization_slug, tags))]
pub struct ShelfFilter;

#[derive(OrgFilter)]
#[diesel(table_name = configs)]
#[org_filter(model = Config, fields(template, template__organization, organization, organization_slug))]
pub struct ConfigFilter;

#[derive(OrgFilter)]
#[diesel(table_name = books)]
#[org_filter(model = Book, fields(shelf, shelf__organization, organization, organization_slug))]
pub struct BookFilter;

#[derive(OrgFilter)]
#[diesel(table_name = libraries)]
#[org_filter(model = Library, fields(book, book__organization))]
pub struct LibraryFilter;

#[derive(OrgFilter)]
#[diesel(table_name = notes)]
#[org_filter(model = Note, fields(library, config))]
pub struct NoteFilter;
