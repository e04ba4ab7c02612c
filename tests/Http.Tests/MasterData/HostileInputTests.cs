using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Http.Tests.MasterData;

/// <summary>Sends to every address of master data what nobody should send: no answer may be an error of ours.</summary>
public sealed class HostileInputTests
{
    private static readonly string[] Values =
    [
        "\"\"", "\"x\"", "null", "7", "-1", "99999999999999999999", "true", "[]", "{}", "\"\\u0000\"", "\"\\ud800\"", "\"'; drop table item --\"", "\"9223372036854.775807\"", "\"-0.000001\"",
        "\"0001-01-01\"", "\"9999-12-31\"", "\"00000000-0000-0000-0000-000000000000\"", "\"%_\\\\\"", $"\"{new string('y', 3_000)}\"", "\"\U0001F4A9 \\u202e\"",
    ];

    private static readonly string[] Ids = [Guid.Empty.ToString(), "EA", "a:b:c", "%F0%9F%92%A9", "'; drop table item --", new string('9', 300), "2025-01", "9999-12", "0000-00"];

    private static readonly string[] Queries =
    [
        "?q=%25_%27&limit=-5&after=x&active=true&total=true", "?after=AAAA&limit=100000&branch=x&item=y&list=z&role=r&function=f&kind=k&category=c&action=a",
        "?q=%F0%9F%92%A9%20a%20b%20c&after=_w", "?limit=many", "?after=" + "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw", "?q=+254%200700&role=customer",
    ];

    [Theory, OnBothEngines]
    public async Task Nothing_that_is_sent_is_answered_with_an_error_of_ours(Engine engine)
    {
        await using var server = await Server.Start(engine, limits => (limits.WriteBurst, limits.WritesPerSecond) = (1_000_000, 1_000_000));
        using var admin = await server.SignedIn("admin");
        admin.Headers["If-Match"] = "*";
        var made = await Prerequisites(admin);
        var endpoints = server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AsksFor>() is not null).DistinctBy(endpoint => endpoint.DisplayName).ToList();
        endpoints.Count.ShouldBeGreaterThan(50);
        var sent = 0;
        foreach (var endpoint in endpoints)
        {
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            foreach (var address in Addresses(path, made))
                foreach (var (query, body) in Requests(method, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, made))
                {
                    var answer = await admin.Raw(method, address + query, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
                    ((int)answer.Status).ShouldBeLessThan(500, $"{method} {address}{query} {body}");
                    if (answer.Status >= HttpStatusCode.BadRequest) answer.Code.ShouldNotBeNull($"{method} {address}{query} {body}");
                    sent++;
                }
        }

        sent.ShouldBeGreaterThan(3_000);
    }

    private static IEnumerable<string> Addresses(string path, Dictionary<string, string> made)
    {
        if (!path.Contains('{', StringComparison.Ordinal)) return [path];
        var open = path.IndexOf('{', StringComparison.Ordinal);
        var close = path.IndexOf('}', open);
        return Ids.Append(made.GetValueOrDefault(path[..(open - 1)], "none")).Select(id => path[..open] + Uri.EscapeDataString(Uri.UnescapeDataString(id)) + path[(close + 1)..]);
    }

    private static IEnumerable<(string Query, string? Body)> Requests(string method, Type? request, Dictionary<string, string> made)
    {
        if (method == "GET") return Queries.Select(query => (query, (string?)null));
        List<(string, string?)> requests = [("", ""), ("", "null"), ("", "[]"), ("", "{}"), ("", "{\"")];
        if (request is null) return requests;
        foreach (var member in request.GetConstructors()[0].GetParameters())
            foreach (var value in Values)
            {
                var name = JsonNamingPolicy.CamelCase.ConvertName(member.Name!);
                var rest = method == "POST" ? string.Concat(Sample(request, made).Where(pair => pair.Key != name).Select(pair => $",\"{pair.Key}\":{pair.Value?.ToJsonString() ?? "null"}")) : "";
                requests.Add(("", $"{{\"{name}\":{value}{rest}}}"));
            }

        return requests;
    }

    /// <summary>A body that could be taken: each member by its type, ids and codes of what is there.</summary>
    private static JsonObject Sample(Type request, Dictionary<string, string> made)
    {
        var sample = new JsonObject();
        foreach (var member in request.GetConstructors()[0].GetParameters().Where(member => member.Name is not "Id" && !member.HasDefaultValue))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(member.Name!);
            sample[name] = made.TryGetValue(name, out var known) ? known : Value(member, made);
        }

        return sample;
    }

    private static JsonNode? Value(ParameterInfo member, Dictionary<string, string> made)
    {
        var type = Nullable.GetUnderlyingType(member.ParameterType) ?? member.ParameterType;
        if (type == typeof(string)) return $"X{Ids.Length}{member.Name}";
        if (type == typeof(Guid)) return Guid.Empty.ToString();
        if (type == typeof(bool)) return true;
        if (type == typeof(int) || type == typeof(long)) return 1;
        if (type == typeof(DateOnly)) return "2025-01-01";
        if (type == typeof(Quantity) || type == typeof(UnitPrice) || type == typeof(Rate)) return "0.2";
        if (type.IsEnum) return Enum.GetNames(type)[0].ToLowerInvariant();
        return type.IsGenericType && type.GetGenericArguments()[0] is var of && of != typeof(string) ? new JsonArray(Sample(of, made)) : new JsonArray("1.00");
    }

    private static async Task<Dictionary<string, string>> Prerequisites(Browser admin)
    {
        async Task<string> Make(string path, string body)
        {
            var answer = await admin.Text(path, body);
            answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body.ToString());
            return answer.Body.TryGetProperty("id", out var id) ? id.GetString()! : answer.Body.GetProperty("code").GetString()!;
        }

        const string api = "/api/v1";
        var made = new Dictionary<string, string>(StringComparer.Ordinal) { ["timeZone"] = "UTC", ["category"] = "S", ["function"] = "none", ["role"] = "cashier" };
        made["branchId"] = made[$"{api}/organisation/branches"] = await Make($"{api}/organisation/branches", """{"code":"B","name":"B","timeZone":"UTC"}""");
        made["warehouseId"] = made[$"{api}/organisation/warehouses"] = await Make($"{api}/organisation/warehouses", $$"""{"branchId":"{{made["branchId"]}}","code":"W","name":"W"}""");
        made[$"{api}/organisation/terminals"] = await Make($"{api}/organisation/terminals", $$"""{"branchId":"{{made["branchId"]}}","warehouseId":"{{made["warehouseId"]}}","code":"T","name":"T"}""");
        made["categoryId"] = made[$"{api}/catalogue/categories"] = await Make($"{api}/catalogue/categories", """{"code":"C","name":"C"}""");
        made["unit"] = made[$"{api}/catalogue/units"] = await Make($"{api}/catalogue/units", """{"code":"EA","name":"Each","decimals":0}""");
        made["taxCodeId"] = made[$"{api}/catalogue/tax-codes"] = await Make($"{api}/catalogue/tax-codes", """{"code":"Z","name":"Zero","category":"Z","components":[]}""");
        made["itemId"] = made[$"{api}/catalogue/items"] = await Make(
            $"{api}/catalogue/items", $$"""{"sku":"A","name":"A","categoryId":"{{made["categoryId"]}}","unit":"EA","taxCodeId":"{{made["taxCodeId"]}}"}""");
        made["priceListId"] = made[$"{api}/catalogue/price-lists"] = await Make($"{api}/catalogue/price-lists", """{"code":"P","name":"P"}""");
        made[$"{api}/catalogue/prices"] = await Make($"{api}/catalogue/prices", $$"""{"priceListId":"{{made["priceListId"]}}","itemId":"{{made["itemId"]}}","price":"1"}""");
        made[$"{api}/parties"] = await Make($"{api}/parties", """{"name":"Anna"}""");
        made[$"{api}/payments/methods"] = await Make($"{api}/payments/methods", """{"code":"CASH","name":"Cash","type":"cash"}""");
        made["account"] = made[$"{api}/ledger/chart"] = await Make($"{api}/ledger/chart", """{"code":"1","name":"Cash","kind":"asset"}""");
        made[$"{api}/ledger/account-rules"] = await Make($"{api}/ledger/account-rules", """{"role":"Safe","account":"1"}""");
        made[$"{api}/payments/denominations"] = "EUR";
        made[$"{api}/ledger/periods"] = "2025-01";
        return made;
    }
}
