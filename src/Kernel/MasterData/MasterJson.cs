using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Plug1.Kernel.MasterData;

/// <summary>How a change is merged over what stands, and how the audit trail writes it down.</summary>
public static class MasterJson
{
    /// <summary>Strict, so that a misspelt member is refused and not passed over.</summary>
    public static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        MaxDepth = 32,
    };

    /// <summary>Merges a change over what stands: a member that is null clears, one that is left out stays, a list is replaced as a whole.</summary>
    /// <remarks>Source: RFC 7396, <i>JSON Merge Patch</i>.</remarks>
    /// <exception cref="JsonException">The outcome is not what can be entered; the door turns it into a refusal that points at the member.</exception>
    public static T Merge<T>(T standing, JsonObject patch)
        where T : class
    {
        var target = JsonSerializer.SerializeToNode(standing, Strict)!.AsObject();
        foreach (var (name, value) in patch) target[name] = value?.DeepClone();
        return target.Deserialize<T>(Strict)!;
    }
}
