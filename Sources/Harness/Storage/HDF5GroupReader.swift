internal import CHDF5

/// A group of a file that is being read.
package final class HDF5GroupReader: HDF5Object {
    /// The names of the groups directly in this one, in alphabetical order.
    package func groupNames() throws -> [String] { try memberNames(H5I_GROUP) }

    /// The names of the datasets directly in this group, scales among them, in alphabetical order.
    package func datasetNames() throws -> [String] { try memberNames(H5I_DATASET) }

    /// The group `name`, which may be a path like "runs/a=1".
    ///
    /// Throws `HDF5Error` where it is absent or a dataset.
    package func group(_ name: String) throws -> HDF5GroupReader {
        let place = place.appending(name)
        return HDF5GroupReader(id: try open(name, H5I_GROUP, "open the group '\(place.name)'"), place: place)
    }

    /// The dataset `name`, which may be a path like "metrics/loss".
    ///
    /// Throws `HDF5Error` where it is absent or a group.
    package func dataset(_ name: String) throws -> HDF5DatasetReader {
        let place = place.appending(name)
        return try HDF5DatasetReader(id: open(name, H5I_DATASET, "open the dataset '\(place.name)'"), at: place)
    }

    /// The numbers of the dataset `name`; `HDF5DatasetReader.values` says which types can be read as which.
    package func read<Element: HDF5Element>(_ name: String, as type: Element.Type = Element.self) throws -> HDF5Array<
        Element
    > {
        try dataset(name).values(as: type)
    }

    /// The strings of the dataset `name`.
    package func read(_ name: String, as type: String.Type = String.self) throws -> HDF5Array<String> {
        try dataset(name).strings()
    }

    private func open(_ name: String, _ kind: H5I_type_t, _ operation: String) throws -> hid_t {
        try HDF5Library.locked {
            let id = H5Oopen(self.id, name, chdf5_default_list())
            guard id >= 0 else {
                let cause = HDF5Library.lastError()
                // A damaged one has a name.
                let isThere = H5Lexists(self.id, name, chdf5_default_list()) > 0
                throw place.error(operation, isThere ? cause : "there is none of that name")
            }
            guard H5Iget_type(id) == kind else {
                H5Oclose(id)
                throw place.error(operation, kind == H5I_GROUP ? "it is not a group" : "it is not a dataset")
            }
            return id
        }
    }

    private func memberNames(_ kind: H5I_type_t) throws -> [String] {
        let operation = "list the members of '\(place.name)'"
        return try HDF5Library.locked {
            var group = H5G_info_t()
            try place.check(H5Gget_info(id, &group), operation)
            return try (0..<group.nlinks)
                .map { index in
                    try HDF5Names.read(at: place, operation) {
                        H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, index, $0, $1, chdf5_default_list())
                    }
                }
                .filter { name in
                    let member = try place.check(H5Oopen(id, name, chdf5_default_list()), operation)
                    defer { H5Oclose(member) }
                    return H5Iget_type(member) == kind
                }
        }
    }
}
