//! All modules of a board by id.
//!
//! A snapshot of a board is kept while the board goes on. Modules are shared between the two, so that taking one copies
//! no module and going on copies only those that change.

use std::{
    collections::{BTreeMap, btree_map},
    ops::Index,
    sync::Arc,
};

use crate::{ids::ModuleId, module::Module};

/// In the order of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules(BTreeMap<ModuleId, Arc<Module>>);

impl Modules {
    pub fn get(&self, id: &ModuleId) -> Option<&Module> {
        self.0.get(id).map(Arc::as_ref)
    }

    pub fn get_mut(&mut self, id: &ModuleId) -> Option<&mut Module> {
        self.0.get_mut(id).map(Arc::make_mut)
    }

    /// Takes the place of the module with the same id.
    pub fn put(&mut self, module: Module) {
        self.0.insert(module.id.clone(), Arc::new(module));
    }

    pub fn remove(&mut self, id: &ModuleId) {
        self.0.remove(id);
    }

    pub fn contains_key(&self, id: &ModuleId) -> bool {
        self.0.contains_key(id)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn keys(&self) -> btree_map::Keys<'_, ModuleId, Arc<Module>> {
        self.0.keys()
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Module> + ExactSizeIterator + Clone {
        self.0.values().map(Arc::as_ref)
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Module> {
        self.0.values_mut().map(Arc::make_mut)
    }
}

impl Index<&ModuleId> for Modules {
    type Output = Module;

    /// # Panics
    ///
    /// When there is no such module.
    fn index(&self, id: &ModuleId) -> &Module {
        &self.0[id]
    }
}

/// Many at once: they are sorted first, which is much quicker than finding a place for each.
impl FromIterator<Arc<Module>> for Modules {
    fn from_iter<I: IntoIterator<Item = Arc<Module>>>(modules: I) -> Self {
        Self(modules.into_iter().map(|module| (module.id.clone(), module)).collect())
    }
}
