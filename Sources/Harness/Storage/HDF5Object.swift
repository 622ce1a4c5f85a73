internal import CHDF5

/// An open group or dataset of an HDF5 file, which can have attributes.
///
/// It is valid inside the closure of `HDF5File.write` or `HDF5File.read` that it comes from; used later, its
/// operations throw.
package class HDF5Object {
    let id: Int64
    package let place: HDF5Place

    /// Takes over the open identifier `id`.
    init(id: Int64, place: HDF5Place) {
        self.id = id
        self.place = place
    }

    deinit {
        HDF5Library.locked { _ = H5Oclose(id) }
    }
}
