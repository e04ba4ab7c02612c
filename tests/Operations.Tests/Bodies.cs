using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Plug1.Http;
using Plug1.Kernel.Values;

namespace Plug1.Operations.Tests;

/// <summary>A member of a body, however deep, with the way that leads to it.</summary>
internal sealed record Member(IReadOnlyList<string> Path, Type Type, bool MayBeNull)
{
    public string Pointer => "/" + string.Join('/', Path);
}

/// <summary>Makes bodies of a type from what the JSON reader knows of it: the least that can be read, and any member changed.</summary>
internal static class Bodies
{
    private static readonly Type[] Decimals = [typeof(Quantity), typeof(UnitPrice), typeof(Rate), typeof(Money), typeof(decimal)];

    /// <summary>The least that can be read: required members only.</summary>
    public static JsonNode? Least(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return "x";
        if (type == typeof(Guid)) return Guid.CreateVersion7().ToString();
        if (type == typeof(bool)) return true;
        if (type == typeof(int) || type == typeof(long)) return 1;
        if (type == typeof(DateOnly)) return "2026-03-02";
        if (type == typeof(DateTimeOffset)) return "2026-03-02T09:00:00Z";
        if (type == typeof(TimeOnly)) return "09:00:00";
        if (Decimals.Contains(type)) return "1";
        if (type.IsEnum) return System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(Enum.GetNames(type)[0]);
        var info = Of(type);
        if (info.Kind == JsonTypeInfoKind.Enumerable) return new JsonArray();
        var made = new JsonObject();
        if (info.Kind == JsonTypeInfoKind.Object)
            foreach (var property in info.Properties.Where(property => property.IsRequired)) made[property.Name] = Least(property.PropertyType);
        return made;
    }

    /// <summary>Every member that can be written, those of lists in their first element.</summary>
    public static IEnumerable<Member> Members(Type type, IReadOnlyList<string>? from = null)
    {
        from ??= [];
        if (from.Count > 6 || Of(type) is not { Kind: JsonTypeInfoKind.Object } info) yield break;
        foreach (var property in info.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null))
        {
            IReadOnlyList<string> path = [.. from, property.Name];
            yield return new Member(path, property.PropertyType, property.IsSetNullable);
            var inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (IsLeaf(inner)) continue;
            if (Of(inner) is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element })
            {
                yield return new Member([.. path, "0"], element, MayBeNull: Nullable.GetUnderlyingType(element) is not null);
                foreach (var member in Members(element, [.. path, "0"])) yield return member;
            }
            else
            {
                foreach (var member in Members(inner, path)) yield return member;
            }
        }
    }

    /// <summary>The body with one member set; what stands on the way to it is made when it is not there.</summary>
    public static JsonNode? With(Type type, JsonNode? body, IEnumerable<string> path, JsonNode? value)
    {
        var steps = path.ToList();
        if (steps.Count == 0) return value;
        var (step, rest) = (steps[0], steps.Skip(1));
        var info = Of(Nullable.GetUnderlyingType(type) ?? type);
        if (info is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element })
        {
            var list = body as JsonArray ?? [];
            if (list.Count == 0) list.Add(Least(element));
            list[0] = With(element, list[0]?.DeepClone(), rest, value);
            return list;
        }

        var made = body as JsonObject ?? (JsonObject)Least(type)!;
        var property = info.Properties.First(property => property.Name == step);
        made[step] = With(property.PropertyType, made[step]?.DeepClone(), rest, value);
        return made;
    }

    /// <summary>A value that a member of this type can never take; null when it takes any.</summary>
    public static JsonNode? Wrong(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return new JsonObject { ["a"] = 1 };
        if (type == typeof(Guid)) return "not-an-id";
        if (type == typeof(DateOnly)) return "2026-02-30";
        if (type == typeof(object) || typeof(JsonNode).IsAssignableFrom(type) || type == typeof(System.Text.Json.JsonElement)) return null;
        if (Decimals.Contains(type)) return "1.2.3";
        return IsLeaf(type) ? "no such value" : 7;
    }

    /// <summary>Whether the value stands alone.</summary>
    public static bool IsLeaf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(Guid) || type == typeof(DateOnly) || type == typeof(DateTimeOffset) || type == typeof(TimeOnly) || Decimals.Contains(type)
            || Of(type).Kind == JsonTypeInfoKind.None;
    }

    private static JsonTypeInfo Of(Type type) => Plug1Json.Options.GetTypeInfo(type);
}
