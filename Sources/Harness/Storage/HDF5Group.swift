internal import CHDF5

/// A group of a file that is being written.
///
/// Every axis of every dataset in one group has a dimension scale, or none has; readers such as xarray refuse the
/// mixture, and so do the writing operations.
package final class HDF5Group: HDF5Object {
    /// The axes of this group's datasets have scales or not, as the first dataset with an axis decided.
    enum Axes {
        case undecided, labelled, unlabelled
    }

    /// A dimension scale of this group.
    final class Scale {
        /// HDF5 lists the users in an attribute of less than 64 KiB, which is full at 4085 axes.
        static let mostUsers = 4000

        let name: String
        let dataset: HDF5Dataset
        let count: Int
        /// The axes that it is attached to.
        var userCount = 0

        init(name: String, dataset: HDF5Dataset, count: Int) {
            self.name = name
            self.dataset = dataset
            self.count = count
        }
    }

    let parent: HDF5Group?
    var axes = Axes.undecided
    /// In the order of their writing, not by name in a table: HDF5 puts the numbers of a dataset into the file when it is
    /// closed, so the order in which these are let go decides the file's bytes.
    var scales: [Scale] = []

    init(id: Int64, place: HDF5Place, parent: HDF5Group? = nil) {
        self.parent = parent
        super.init(id: id, place: place)
    }

    /// Makes the new group `name` in this one.
    ///
    /// Throws `HDF5Error` where a member of that name exists, or the name is empty or contains "/".
    package func group(_ name: String) throws -> HDF5Group {
        let child = place.appending(name)
        let operation = "make the group '\(child.name)'"
        try checkName(name, operation)
        return try HDF5Library.locked {
            let id = try place.check(
                H5Gcreate2(self.id, name, HDF5Lists.link, HDF5Lists.group, chdf5_default_list()), operation)
            return HDF5Group(id: id, place: child, parent: self)
        }
    }

    /// Sets the attribute `name`, which must be new.
    ///
    /// Throws `HDF5Error` where it exists or takes more than 60 KB; a long text is a dataset of one string.
    package func setAttribute(_ name: String, _ value: some HDF5AttributeValue) throws {
        try writeAttribute(name, value.hdf5Attribute)
    }

    func checkName(_ name: String, _ operation: String) throws {
        guard !name.isEmpty, name != ".", !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "/")) else {
            throw place.error(operation, "a name is not empty, is not '.', and contains no '/' and no NUL")
        }
    }
}

/// A dataset of a file that is being written.
package final class HDF5Dataset: HDF5Object {
    /// Sets the attribute `name`, which must be new: "units", "long_name".
    ///
    /// Throws `HDF5Error` where it exists or takes more than 60 KB; a long text is a dataset of one string.
    package func setAttribute(_ name: String, _ value: some HDF5AttributeValue) throws {
        try writeAttribute(name, value.hdf5Attribute)
    }
}
