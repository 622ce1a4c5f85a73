import Study

extension Plan {
    /// The same plan whose runs say which commit their study is of and which program makes them.
    public func attested() async -> Plan {
        let origin = await study.origin.attested()
        return replacing { item in
            guard case .run(let stage) = item.stage else { return item }
            var run = stage.run
            run.origin = origin
            return Item(stage: .run(RunStage(run: run)), identity: item.identity, status: item.status)
        }
    }
}
