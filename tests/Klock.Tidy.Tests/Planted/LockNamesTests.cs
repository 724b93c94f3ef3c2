using Klock.Tidy.Tests.Checks;
using Xunit;
using static Klock.Tidy.Tests.Planted.Plant;

namespace Klock.Tidy.Tests.Planted;

/// <summary>A method that needs a lock and is called without it is found, and so is one whose name does not say that it does.</summary>
public sealed class LockNamesTests
{
    [Fact]
    public void A_call_without_the_lock_is_found()
    {
        var files = Tree(
            ("src/P/A.cs", "class A {\nvoid Add_NeedsLock() { }\nvoid B() {\nAdd_NeedsLock();\nlock (this) { Add_NeedsLock(); } } }"));
        Assert.Equal(["src/P/A.cs:4"], LockNames.Find(files).Places());
    }

    [Fact]
    public void A_call_of_another_objects_method_is_found_too()
    {
        var files = Tree(("src/P/A.cs", "class A {\nvoid B(A other) => other?.Add_NeedsLock(); }"));
        Assert.Equal(["src/P/A.cs:2"], LockNames.Find(files).Places());
    }

    [Fact]
    public void Another_one_that_needs_it_and_a_constructor_may_call()
    {
        var files = Tree(
            ("src/P/A.cs", "class A { A() { Add_NeedsLock(); } void Add_NeedsLock() { } void Two_NeedsLock() => Add_NeedsLock(); }"));
        Assert.Empty(LockNames.Find(files));
    }

    [Fact]
    public void A_lambda_made_under_a_lock_does_not_run_under_it()
    {
        var files = Tree(("src/P/A.cs",
            "class A {\nvoid Add_NeedsLock() { }\nvoid B() { lock (this) {\nC(() => Add_NeedsLock()); } }\nstatic void C(object o) { } }"));
        Assert.Equal(["src/P/A.cs:4"], LockNames.Find(files).Places());
    }

    [Fact]
    public void A_lambda_for_one_that_needs_the_lock_too_does()
    {
        var files = Tree(("src/P/A.cs", "class A { void B() { lock (this) { Do_NeedsLock(() => Add_NeedsLock()); } } }"));
        Assert.Empty(LockNames.Find(files));
    }

    [Fact]
    public void A_method_that_relies_on_the_lock_and_does_not_say_so_is_found_also_in_another_part_of_the_class()
    {
        var files = Tree(("src/P/A.cs", "partial class A {\nvoid B() { lock (this) {\nAdd(); Take(); Sum(); } } }"),
            ("src/P/A.Add.cs", "partial class A { void Add() { } void Take() { lock (this) { } } static void Sum() { } }"));
        Assert.Equal(["src/P/A.cs:3"], LockNames.Find(files).Places());
    }
}
