using System.Text.Json;
using Klock.Coordinator;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests;

/// <summary>What is documented of requests is what is read.</summary>
public sealed class RequestShapesTests
{
    [Fact]
    public void Every_operation_documents_the_fields_it_knows()
    {
        foreach (Operation operation in Enum.GetValues<Operation>())
        {
            using JsonDocument sample = JsonDocument.Parse(Samples.Of(operation).ToString());
            Assert.Equal(
                sample.RootElement.EnumerateObject().Select(field => field.Name).Order(),
                RequestShapes.Of(operation).Select(field => field.Shape.Name).Order());
        }
    }

    [Fact]
    public void A_required_field_is_missed_and_an_optional_one_is_not()
    {
        using LeaseCoordinator coordinator = new MemoryKind().Open(TimeProvider.System, new CountingIds());
        var client = new StoreClient(coordinator);
        foreach (Operation operation in Samples.ReadingRequest)
        {
            foreach (RequestField field in RequestShapes.Of(operation))
            {
                Answer answer = client.Ask(operation, Samples.Of(operation).Without(field.Shape.Name).ToString());
                Assert.Equal(field.IsRequired, answer.Error?.StartsWith($"{field.Shape.Name} is missing", StringComparison.Ordinal)
                    ?? false);
            }
        }
    }
}
