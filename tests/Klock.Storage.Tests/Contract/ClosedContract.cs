using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>A closed coordinator says so, whatever it is asked, and closing twice is no harm.</summary>
public abstract class ClosedContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void Every_operation_of_a_closed_store_is_answered_CLOSED()
    {
        Coordinator.Dispose();
        Coordinator.Dispose();
        foreach (Operation operation in Enum.GetValues<Operation>())
        {
            Assert.Equal("CLOSED", Klock.Ask(operation, Samples.Of(operation).ToString()).Code);
        }
    }
}
