using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Hammer;
using Klock.Storage.Sqlite.Holders;

// A process of the storage tests. The answers it got, and what went wrong, are in its diary.
Orphan.EndsWithItsParent();
switch (args)
{
    case ["hammer", var store, var witnessPath, var diaryPath, var ttlMs, var seed, var binds]:
    {
        using var witness = new Witness(witnessPath);
        using var diary = new Diary(diaryPath);
        using LeaseCoordinator coordinator = LocalStores.Open(store, TimeProvider.System, KernelRandom.Shared,
            bool.Parse(binds) ? LeaseBinding.ToThisProcess() : LeaseBinding.None);
        int worker = witness.AddWorker(bool.Parse(binds) ? Environment.ProcessId : 0);
        new Worker(coordinator, witness, worker, diary, long.Parse(ttlMs), int.Parse(seed)).Run();
        return 0;
    }

    case ["fill", var store, var diaryPath]:
    {
        using var diary = new Diary(diaryPath);
        return Filler.Run(store, diary);
    }

    case ["endure", var store, var diaryPath, var episodes]:
        return Endurance.Run(
            store, diaryPath, Environment.GetEnvironmentVariable("KLOCK_FAULTS")!,
            int.Parse(Environment.GetEnvironmentVariable("KLOCK_FAULTS_SEED")!), int.Parse(episodes));

    case ["ask", var store, var answerPrefix, .. var operationsAndRequests]:
        return Asking.Run(store, answerPrefix, operationsAndRequests);

    case ["open", var storePrefix, var witnessPath, var processes, var rounds]:
    {
        using var witness = new Witness(witnessPath);
        return Opener.Run(storePrefix, witness, int.Parse(processes), int.Parse(rounds));
    }

    case ["hold", var store, var binds, var path, var ttlMs, var answerPath]:
        return Holding.Run(store, bool.Parse(binds), path, long.Parse(ttlMs), answerPath);

    default:
        Console.Error.WriteLine("usage: hammer STORE WITNESS DIARY TTL_MS SEED BINDS");
        Console.Error.WriteLine("     | fill STORE DIARY");
        Console.Error.WriteLine("     | endure STORE DIARY EPISODES, with KLOCK_FAULTS and KLOCK_FAULTS_SEED");
        Console.Error.WriteLine("     | ask STORE ANSWER_PREFIX [OPERATION REQUEST]…");
        Console.Error.WriteLine("     | open STORE_PREFIX WITNESS PROCESSES ROUNDS");
        Console.Error.WriteLine("     | hold STORE BINDS PATH TTL_MS ANSWER_FILE");
        return 64;
}
