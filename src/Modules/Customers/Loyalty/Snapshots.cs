using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plug1.Customers.Loyalty;

/// <summary>What the audit trail keeps of a document.</summary>
internal static class Snapshots
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Json);
}
