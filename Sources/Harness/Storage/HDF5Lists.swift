internal import CHDF5

/// The property lists and the type that all files are written with, created once for the process. Created anew for
/// every attribute, group and dataset, they were 7 % of the time in which a record of 15 groups and 30 datasets is
/// written.
///
/// They must be used inside `HDF5Library.locked`.
enum HDF5Lists {
    /// The properties of access to a file: a group that outlives its closure must not keep the file open and
    /// unfinished.
    static let access = list(chdf5_file_access()) {
        [H5Pset_fclose_degree($0, H5F_CLOSE_STRONG), chdf5_disable_locks($0)]
    }
    /// The properties of access to a file in memory, which grows by 64 KiB: about a record.
    static let memory = list(chdf5_file_access()) {
        [H5Pset_fclose_degree($0, H5F_CLOSE_STRONG), chdf5_in_memory($0, 1 << 16)]
    }
    /// The properties of a new file. An index of chunks has room for 8, not 64: most datasets are one chunk, and each
    /// has a whole index.
    static let file = list(chdf5_file_create()) { [chdf5_forget_times($0), H5Pset_istore_k($0, 4)] }
    static let group = list(chdf5_group_create(), groupWithoutTimes)
    /// The properties of a dataset in one piece.
    static let contiguousDataset = list(chdf5_dataset_create(), withoutTimes)
    /// The properties of a dataset whose values are in its header.
    static let compactDataset = list(chdf5_dataset_create()) {
        withoutTimes($0) + [H5Pset_layout($0, H5D_COMPACT)]
    }
    /// The properties of a link whose name is UTF-8.
    static let link = list(chdf5_link_create()) { [H5Pset_char_encoding($0, H5T_CSET_UTF8)] }
    /// The properties of an attribute whose name is UTF-8.
    static let attribute = list(chdf5_attribute_create()) { [H5Pset_char_encoding($0, H5T_CSET_UTF8)] }
    /// Strings of variable length in UTF-8.
    static let strings: hid_t = {
        let type = H5Tcopy(chdf5_c_string())
        H5Tset_size(type, chdf5_variable_length())
        H5Tset_cset(type, H5T_CSET_UTF8)
        return type
    }()

    /// The properties of a dataset that is cut in chunks, shuffled, compressed and checksummed; the caller closes it.
    static func chunkedDataset(_ chunk: [Int]) -> hid_t {
        list(chdf5_dataset_create()) {
            withoutTimes($0) + [
                H5Pset_chunk($0, CInt(chunk.count), chunk.map { hsize_t($0) }), H5Pset_shuffle($0),
                H5Pset_deflate($0, 4), H5Pset_fletcher32($0),
            ]
        }
    }

    /// Attributes, or links, in a header; HDF5 would give them a heap beyond eight. More than an object of a record has.
    private static let mostInHeader: UInt32 = 1000

    /// No time is kept, and attributes are in the header.
    private static func withoutTimes(_ list: hid_t) -> [herr_t] {
        [chdf5_forget_times(list), H5Pset_attr_phase_change(list, mostInHeader, 0)]
    }

    /// The same for groups, whose links are in the header too.
    private static func groupWithoutTimes(_ list: hid_t) -> [herr_t] {
        withoutTimes(list) + [H5Pset_link_phase_change(list, mostInHeader, 0)]
    }

    private static func list(_ kind: hid_t, _ set: (hid_t) -> [herr_t]) -> hid_t {
        let list = H5Pcreate(kind)
        precondition(
            list >= 0 && set(list).allSatisfy { $0 >= 0 }, "no property list of HDF5: \(HDF5Library.lastError())")
        return list
    }
}
