import Study

extension Plan {
    /// The same plan whose runs say which commit their study is of and which program makes them.
    /// - Parameter hidesFolders: whether the study's files are known by their names alone, not by where they lie.
    public func attested(hidesFolders: Bool = false) async -> Plan {
        var origin = await study.origin.attested()
        if hidesFolders {
            origin.files = origin.files.map { file in
                let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
                return Origin.File(path: name, text: file.text)
            }
        }
        return replacing { [origin] item in
            guard case .run(let stage) = item.stage else { return item }
            var run = stage.run
            run.origin = origin
            return Item(stage: .run(RunStage(run: run)), identity: item.identity, status: item.status)
        }
    }
}
