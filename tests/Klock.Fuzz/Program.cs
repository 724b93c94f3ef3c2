using Klock.Fuzz;
using SharpFuzz;

if (args is ["afl"])
{
    Fuzzer.OutOfProcess.Run(input => Script.Run(ReadAll(input)));
    return 0;
}

if (args.Length == 0)
{
    Console.Error.WriteLine("Klock.Fuzz takes 'afl', and is then run by afl-fuzz (./build.sh fuzz), or files to run once each.");
    return 2;
}

int failed = 0;
foreach (string file in args)
{
    try
    {
        Script.Run(await File.ReadAllBytesAsync(file));
        Console.WriteLine($"{file}: keeps the rules");
    }
    catch (BrokenRuleException broken)
    {
        failed = 1;
        Console.WriteLine($"{file}: {broken.Message}");
    }
}

return failed;

static byte[] ReadAll(Stream input)
{
    using var all = new MemoryStream();
    input.CopyTo(all);
    return all.ToArray();
}
