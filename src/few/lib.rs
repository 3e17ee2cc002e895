//! Sets and maps of a few things, in a sorted vector.
//!
//! The standard library's B-trees are made for millions, and every kind of thing put into one costs the download of the mind
//! another five kilobytes of code. What is kept here are the rules that are off, the windows of a page, the sentences of a
//! mail: some tens, for which a vector is as quick, in a tenth of the code.

use std::borrow::Borrow;

/// A map of a few keys, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<K, V>(Vec<(K, V)>);

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Map(Vec::new())
    }
}

impl<K: Ord, V> Map<K, V> {
    /// An empty one.
    pub const fn new() -> Self {
        Map(Vec::new())
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    /// What is kept under a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|place| self.0.get(place)).map(|(_, value)| value)
    }

    /// The same, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|place| self.0.get_mut(place)).map(|(_, value)| value)
    }

    /// Keeps a value under a key, and gives back what was kept there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => self.0.get_mut(place).map(|(_, old)| std::mem::replace(old, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes out what is kept under a key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All, by their keys in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The same, their values to be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// All values, by their keys in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(all: I) -> Self {
        let mut map = Map::new();
        all.into_iter().for_each(|(key, value)| drop(map.insert(key, value)));
        map
    }
}

/// A set of a few things, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T>(Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set(Vec::new())
    }
}

impl<T: Ord> Set<T> {
    /// An empty one.
    pub const fn new() -> Self {
        Set(Vec::new())
    }

    fn place<Q: Ord + ?Sized>(&self, one: &Q) -> Result<usize, usize>
    where
        T: Borrow<Q>,
    {
        self.0.binary_search_by(|known| known.borrow().cmp(one))
    }

    /// Whether it is in.
    pub fn contains<Q: Ord + ?Sized>(&self, one: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.place(one).is_ok()
    }

    /// Puts one in, and says whether it was not.
    pub fn insert(&mut self, one: T) -> bool {
        let place = self.place(&one);
        place.is_err_and(|place| {
            self.0.insert(place, one);
            true
        })
    }

    /// Takes one out, and says whether it was in.
    pub fn remove<Q: Ord + ?Sized>(&mut self, one: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.place(one).map(|place| self.0.remove(place)).is_ok()
    }

    /// Takes those out that are not to be kept.
    pub fn retain(&mut self, is_kept: impl FnMut(&T) -> bool) {
        self.0.retain(is_kept);
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, more: I) {
        more.into_iter().for_each(|one| _ = self.insert(one));
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut set = Set::new();
        set.extend(all);
        set
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for Set<T> {
    fn from(all: [T; N]) -> Self {
        all.into_iter().collect()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Adds one behind those whose key is not greater than its own: a stable sort for few, or for what is nearly in order.
pub fn push_in_order<T, K: Ord>(sorted: &mut Vec<T>, one: T, key: impl Fn(&T) -> K) {
    let own = key(&one);
    sorted.insert(sorted.partition_point(|other| key(other) <= own), one);
}

#[cfg(feature = "serde")]
impl<K: serde::Serialize, V: serde::Serialize> serde::Serialize for Map<K, V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[cfg(feature = "serde")]
impl<'de, K, V> serde::Deserialize<'de> for Map<K, V>
where
    K: Ord + serde::Deserialize<'de>,
    V: serde::Deserialize<'de>,
{
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::collections::BTreeMap::deserialize(deserializer).map(Map::from_iter)
    }
}

#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for Set<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: Ord + serde::Deserialize<'de>> serde::Deserialize<'de> for Set<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Set::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_set_does_what_a_tree_does(steps in prop::collection::vec((0..4u8, 0..12u8), 0..60)) {
            let (mut few, mut tree) = (Set::new(), BTreeSet::new());
            for (what, one) in steps {
                match what {
                    0 | 1 => prop_assert_eq!(few.insert(one), tree.insert(one)),
                    2 => prop_assert_eq!(few.remove(&one), tree.remove(&one)),
                    _ => {
                        few.retain(|other| other % 3 != one % 3);
                        tree.retain(|other| other % 3 != one % 3);
                    }
                }
                prop_assert!(few.iter().eq(&tree));
                prop_assert_eq!((few.contains(&one), few.len()), (tree.contains(&one), tree.len()));
            }
        }

        #[test]
        fn a_map_does_what_a_tree_does(steps in prop::collection::vec((0..3u8, 0..12u8, any::<u8>()), 0..60)) {
            let (mut few, mut tree) = (Map::new(), BTreeMap::new());
            for (what, key, value) in steps {
                match what {
                    0 => prop_assert_eq!(few.insert(key, value), tree.insert(key, value)),
                    1 => prop_assert_eq!(few.remove(&key), tree.remove(&key)),
                    _ => {
                        few.iter_mut().for_each(|(key, own)| *own ^= value ^ key);
                        tree.iter_mut().for_each(|(key, own)| *own ^= value ^ key);
                    }
                }
                prop_assert!(few.iter().eq(&tree));
                prop_assert!(few.values().rev().eq(tree.values().rev()));
                prop_assert_eq!((few.get(&key), few.len()), (tree.get(&key), tree.len()));
            }
        }

        #[test]
        fn pushed_in_order_is_sorted_and_stable(all in prop::collection::vec((0..6u8, any::<u8>()), 0..40)) {
            let (mut pushed, mut sorted) = (Vec::new(), all.clone());
            all.into_iter().for_each(|one| push_in_order(&mut pushed, one, |(key, _)| *key));
            sorted.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(pushed, sorted);
        }
    }

    #[test]
    #[cfg(feature = "serde")]
    fn they_are_stored_as_lists_and_objects_and_read_in_any_order() {
        let set: Set<String> = serde_json::from_str(r#"["b", "a", "b"]"#).expect("a list");
        assert_eq!(serde_json::to_string(&set).expect("json"), r#"["a","b"]"#);
        let map: Map<String, u32> = serde_json::from_str(r#"{"b": 1, "a": 2}"#).expect("an object");
        assert_eq!(serde_json::to_string(&map).expect("json"), r#"{"a":2,"b":1}"#);
    }
}
