import Foundation
import TestSupport
import Testing

@testable import Storage
@testable import Study

@Suite("Files that need not end are refused, not waited for", .timeLimit(.minutes(1)))
struct EndlessFileTests {
    private static let fault = "it is no regular file (a device, a pipe or a socket)"

    @Test(
        "in each format",
        arguments: [
            "{idx: {images: FILE}}", "{cifar10: {files: [FILE]}}", "{cifar100: {files: [FILE], labels: fine}}",
            "{arrays: {file: FILE}}", "{latents: {file: FILE}}", "{images: {folder: pictures}}",
        ], ["pipe", "/dev/zero"])
    func formats(data: String, file: String) throws {
        let folder = TemporaryFolder()
        mkfifo(folder.file("pipe"), 0o600)
        try FileManager.default.createDirectory(
            atPath: folder.file("pictures/a"), withIntermediateDirectories: true)
        let target = file == "pipe" ? folder.file("pipe") : file
        try #require(symlink(target, folder.file("pictures/a/one.png")) == 0)
        let yaml = TinyStudy.planar.changing(
            "{planar: {set: eightGaussians, count: 200}}", to: data.replacing("FILE", with: file))
        let study = try folder.write(Array(yaml.utf8), to: "study.yaml")
        let refusal = errorText { try Study(file: study) }
        #expect(refusal.contains("no readable file (\(Self.fault))"), "\(refusal)")
    }

    @Test("by readers of arrays, pictures, models and profiles")
    func readers() throws {
        let folder = TemporaryFolder(), pipe = folder.file("pipe")
        mkfifo(pipe, 0o600)
        for path in [pipe, "/dev/zero"] {
            #expect(!ArrayFile.isHDF5(path))
            let array = #expect(throws: InputError.self) { try ArrayFile(path) }
            #expect(array?.reason == Self.fault)
            let picture = #expect(throws: FileError.self) { try PNGImage.read(path) }
            #expect(picture?.reason == Self.fault)
            let tensors = #expect(throws: InputError.self) { try TensorFiles(path) }
            #expect(tensors?.reason == Self.fault)
            let profile = #expect(throws: InputError.self) { try SlurmProfile.read(path) }
            #expect(profile?.reason == Self.fault)
        }
    }
}
