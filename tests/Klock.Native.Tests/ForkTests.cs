using System.Runtime.Versioning;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>fork() in hosts of every kind; the C programs say what each child does.</summary>
public sealed class ForkTests
{
    private const string Children = "100";

    [Fact]
    public void Children_of_a_busy_process_use_the_library_with_threads_and_children_of_their_own()
    {
        using var folder = new TempFolder();
        string program = Tool.CompileHost("fork_busy");
        Assert.Equal("ok\n", Tool.Output(program, Repo.Product, folder.At("klock.db"), Children));
    }

    [Fact]
    public void A_thread_that_forked_ends_in_the_child_without_waiting_for_the_threads_left_behind()
    {
        string program = Tool.CompileHost("fork_thread");
        Assert.Equal("ok\n", Tool.Output(program, Repo.TestFlavour, Children));
    }

    [Fact]
    public void A_child_whose_library_file_is_gone_gets_an_error_that_says_so()
    {
        using var folder = new TempFolder();
        string copy = folder.At("libklock.so");
        File.Copy(Repo.Product, copy);
        string program = Tool.CompileHost("fork_ask");
        string answer = Tool.Output(program, copy, "remove");
        Assert.Contains("\"code\":\"INTERNAL\"", answer, StringComparison.Ordinal);
        Assert.Contains(copy, answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_without_address_space_for_a_second_runtime_gets_an_error_that_says_so()
    {
        string program = Tool.CompileHost("fork_ask");
        string answer = Tool.Output("sh", "-c", "ulimit -v 4000000; exec \"$0\" \"$1\"", program, Repo.Product);
        Assert.Contains("\"code\":\"INTERNAL\"", answer, StringComparison.Ordinal);
        Assert.Contains("ulimit -v", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_without_address_space_for_the_runtime_gets_an_error_that_says_so()
    {
        string program = Tool.CompileHost("version");
        (int exitCode, string output) = Tool.Run("sh", "-c", "ulimit -v 100000; exec \"$0\" \"$1\" open", program, Repo.Product);
        Assert.Equal(0, exitCode);
        Assert.Contains("ulimit -v", output, StringComparison.Ordinal);
    }

    [Fact, SupportedOSPlatform("linux")]
    public void A_process_that_may_start_no_thread_gets_errors_and_works_as_soon_as_it_may()
    {
        using var folder = new TempFolder();
        string copy = folder.At("libklock.so"), host = folder.At("few_threads");
        File.Copy(Repo.Product, copy);
        File.Copy(Tool.CompileHost("few_threads"), host);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        Assert.Equal("ok\n", Tool.Output(host, copy));
    }
}
