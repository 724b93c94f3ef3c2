namespace Klock.Native.Tests.Support;

/// <summary>Real threads, whose failures reach the test.</summary>
internal static class Threads
{
    /// <summary>Starts a thread for each number below <paramref name="count"/>; wait for the task, it fails if any of them does.</summary>
    public static Task Start(int count, Action<int> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Factory.StartNew(
            () => work(number), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
}
