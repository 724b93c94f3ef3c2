using Klock.Build;
using Klock.Build.Running;

using Interrupt interrupt = new();
try
{
    return await Commands.RunAsync(args, interrupt.Token);
}
catch (BuildFailure failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return failure.ExitCode;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Interrupted.");
    return Interrupt.ExitCode;
}
