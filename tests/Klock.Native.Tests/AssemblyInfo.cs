// The tests share one process with one library in it, two cores, and a table of handles that one of them fills.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
