using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>The file is deleted, moved or replaced under those who use it: the old and the new one never serve as two stores.</summary>
public sealed class MovedFileTests : FileSuite
{
    private static readonly string[] s_parts = ["", "-wal", "-shm"];

    [Fact]
    public void A_deleted_file_grants_nothing_and_is_not_made_again()
    {
        StoreClient client = Open();
        string held = client.Acquire("a").LeaseId;
        Array.ForEach(s_parts, part => File.Delete(FilePath + part));
        Failed(client.Acquire("b"), "deleted or replaced");
        Failed(client.Acquire("b"), "open");
        Failed(client.Release(held), "open");
        Failed(client.List(), "open");
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void A_file_that_is_brought_back_serves_again_with_all_it_held()
    {
        StoreClient client = Open();
        string held = client.Acquire("a").LeaseId;
        Move(FilePath, Folder.At("aside"));
        Failed(client.Acquire("b"), "deleted or replaced");
        Move(Folder.At("aside"), FilePath);
        Assert.Equal("DIE", client.Acquire("b").Reason);
        Assert.True(client.Release(held).Success);
    }

    [Fact]
    public void Of_a_replaced_file_only_the_new_one_serves()
    {
        StoreClient old = Open();
        string lost = old.Acquire("a").LeaseId;
        Array.ForEach(s_parts, part => File.Delete(FilePath + part));
        StoreClient other = Open();
        Answer granted = other.Acquire("b");
        Assert.True(granted.Success);

        // It held the lease in the file that is gone; were it asked there, both would hold it.
        Failed(old.Heartbeat(lost), "deleted or replaced");
        Assert.Equal("UNKNOWN_LEASE", old.Heartbeat(lost).Code);
        Assert.Equal("DIE", old.Acquire("c").Reason);
        Assert.True(old.Release(granted.LeaseId).Success);
    }

    private static void Failed(Answer answer, string why)
    {
        Assert.Equal("STORAGE_UNAVAILABLE", answer.Code);
        Assert.Contains(why, answer.Error, StringComparison.Ordinal);
    }

    private static void Move(string from, string to)
    {
        foreach (string part in s_parts)
        {
            File.Move(from + part, to + part);
        }
    }
}
