using System.Text;
using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;

namespace Klock.Storage.Hammer;

/// <summary>A process that asks several things at once, each on a thread of its own, and writes down each answer when it comes.</summary>
internal static class Asking
{
    public static int Run(string store, string answerPrefix, string[] operationsAndRequests)
    {
        using LeaseCoordinator coordinator = LocalStores.Open(store, TimeProvider.System, KernelRandom.Shared);
        Thread[] threads = [.. Enumerable.Range(0, operationsAndRequests.Length / 2).Select(i => new Thread(() =>
        {
            var reply = new Reply();
            Operation operation = Enum.Parse<Operation>(operationsAndRequests[2 * i]);
            coordinator.Execute(operation, Encoding.UTF8.GetBytes(operationsAndRequests[(2 * i) + 1]), reply);
            File.WriteAllBytes($"{answerPrefix}.new{i}", reply.Utf8);
            File.Move($"{answerPrefix}.new{i}", $"{answerPrefix}{i}");
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return 0;
    }
}
