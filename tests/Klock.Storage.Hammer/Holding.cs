using System.Text;
using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Storage.Hammer;

/// <summary>A process that takes one lease, or waits for it, writes down the answer, and then waits to be killed.</summary>
internal static class Holding
{
    public static int Run(string store, bool binds, string path, long ttlMs, string answerPath)
    {
        using LeaseCoordinator coordinator = LocalStores.Open(store, TimeProvider.System, KernelRandom.Shared,
            binds ? LeaseBinding.ToThisProcess() : LeaseBinding.None);
        var reply = new Reply();
        coordinator.Execute(Operation.Acquire, Encoding.UTF8.GetBytes(
            $$"""
            {"agent_id":"held-{{Environment.ProcessId}}","session_id":"s","resource_type":"FILE","resource_path":"{{path}}",
            "predicate":"MUTATES","ttl":{{ttlMs}},"wait_ms":600000}
            """), reply);
        File.WriteAllBytes(answerPath + ".new", reply.Utf8);
        File.Move(answerPath + ".new", answerPath);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
