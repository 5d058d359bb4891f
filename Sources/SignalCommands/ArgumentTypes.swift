// The one place that teaches the command line our enumerations: their raw values are the words.

public import ArgumentParser
public import Importers
public import Signals
public import VersionedStore

extension ShardLayout.Storage: ExpressibleByArgument {}
extension BadLinePolicy: ExpressibleByArgument {}
extension SplitRule.Unit: ExpressibleByArgument {}
extension SplitPart: ExpressibleByArgument {}
extension LabelRule.Agreement: ExpressibleByArgument {}
extension MissingValuePolicy.Fill: ExpressibleByArgument {}
