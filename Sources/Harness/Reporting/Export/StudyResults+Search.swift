import FlowMaps
import Results
import Storage

extension StudyResults {
    /// Writes the results of searches over the study's axes and after them `strategy` and `budget`; NaN where a run
    /// did not search.
    func writeSearch(of cube: StudyCube, to group: HDF5Group) throws {
        let axes = cube.dimensions.map(\.axis), strategies = Search.Strategy.allCases
        let (strategy, budget) = (Self.free("strategy", axes), Self.free("budget", axes))
        let budgets = Set(records.flatMap { $0.search?.budgets ?? [] }).sorted()
        try group.writeScale(strategy, strategies.map(\.rawValue))
        try group.writeScale(budget, budgets.map(Int64.init))
        for score in SearchCurves.scoreNames {
            let values = cube.records.flatMap { record in
                strategies.flatMap { strategy in
                    budgets.map { record?.search?.value(of: score, strategy, at: $0) ?? .nan }
                }
            }
            try group.write(
                Self.free(score, axes + [strategy, budget]), values,
                shape: cube.shape + [strategies.count, budgets.count], dimensions: axes + [strategy, budget])
        }
    }
}
