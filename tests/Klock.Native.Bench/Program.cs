using Klock.Native.Bench;

if (args.Length > 0)
{
    Console.Error.WriteLine($"Klock.Native.Bench takes no arguments, and got '{args[0]}'.");
    return 2;
}

using var klock = new BenchedKlock(BenchedKlock.FindLibrary());
var scaling = new Scaling(klock);
scaling.Run();
return 0;
