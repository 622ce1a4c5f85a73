import TestSupport
import Testing

@Suite("The command line tells how it ended") struct ExitCodeTests {
    @Test("A missing study is exit 66, with its name")
    func missingStudy() throws {
        try withTemporaryFolder { folder in
            let run = try AblateProcess(["plan", "absent.yaml"], in: folder)
            #expect(run.code == 66)
            #expect(run.output == "")
            #expect(run.errors == "error: absent.yaml: cannot read the study: No such file or directory\n")
        }
    }
}
