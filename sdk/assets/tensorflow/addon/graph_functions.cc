// Two more methods for the addon of tfjs-node: a graph becomes an operation of the eager context, and is removed again.
//
//   addGraphFunction(name: string, graphDef: Uint8Array, inputs: string[], outputs: string[]): void
//   removeGraphFunction(name: string): void
//
// `inputs` are names of Placeholder nodes, `outputs` are "node" or "node:index". Afterwards `executeOp(name, [], ids, outputs.length)`
// runs the whole graph as one operation. tfjs-node's own sources are compiled as they are: this file takes the place of
// tfjs_binding.cc by including it, and reaches the context, which the class keeps to itself, through a template instantiation.

#include <node_api.h>

#include <cstdlib>
#include <string>
#include <vector>

#pragma push_macro("NAPI_MODULE")
#undef NAPI_MODULE
#define NAPI_MODULE(name, init)
#include "tfjs_binding.cc"
#pragma pop_macro("NAPI_MODULE")

namespace tfnodejs {

// An explicit instantiation may name a private member.
template <TFE_Context *TFJSBackend::*Member>
struct Reveal {
  friend TFE_Context *ContextOf(TFJSBackend *backend) { return backend->*Member; }
};
template struct Reveal<&TFJSBackend::tfe_context_>;
TFE_Context *ContextOf(TFJSBackend *backend);

static bool Throw(napi_env env, const std::string &message) {
  napi_throw_error(env, nullptr, message.c_str());
  return false;
}

static bool ReadString(napi_env env, napi_value value, std::string *text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return Throw(env, "a string is expected");
  text->resize(length + 1);
  napi_get_value_string_utf8(env, value, &(*text)[0], length + 1, &length);
  text->resize(length);
  return true;
}

// "node" or "node:index" for each element.
static bool ReadOutputs(napi_env env, TF_Graph *graph, napi_value names, std::vector<TF_Output> *outputs) {
  uint32_t length = 0;
  if (napi_get_array_length(env, names, &length) != napi_ok) return Throw(env, "an array of names is expected");
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    std::string name;
    if (napi_get_element(env, names, i, &element) != napi_ok || !ReadString(env, element, &name)) return false;
    int index = 0;
    const size_t colon = name.find(':');
    if (colon != std::string::npos) {
      index = std::atoi(name.c_str() + colon + 1);
      name.resize(colon);
    }
    TF_Operation *operation = TF_GraphOperationByName(graph, name.c_str());
    if (operation == nullptr) return Throw(env, "the graph has no node " + name);
    outputs->push_back({operation, index});
  }
  return true;
}

static napi_value AddGraphFunction(napi_env env, napi_callback_info info) {
  size_t argc = 4;
  napi_value args[4];
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  if (argc < 4) {
    Throw(env, "addGraphFunction() expects 4 arguments");
    return nullptr;
  }
  TFJSBackend *const backend = GetTFJSBackend(env);
  if (!backend) return nullptr;

  std::string name;
  if (!ReadString(env, args[0], &name)) return nullptr;
  napi_typedarray_type type;
  size_t length = 0;
  void *bytes = nullptr;
  if (napi_get_typedarray_info(env, args[1], &type, &length, &bytes, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array) {
    Throw(env, "the graph must be a Uint8Array");
    return nullptr;
  }

  TF_AutoStatus status;
  TF_Graph *graph = TF_NewGraph();
  TF_Buffer *buffer = TF_NewBufferFromString(bytes, length);
  TF_ImportGraphDefOptions *options = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(graph, buffer, options, status.status);
  TF_DeleteImportGraphDefOptions(options);
  TF_DeleteBuffer(buffer);

  std::vector<TF_Output> inputs;
  std::vector<TF_Output> outputs;
  if (TF_GetCode(status.status) == TF_OK && ReadOutputs(env, graph, args[2], &inputs) &&
      ReadOutputs(env, graph, args[3], &outputs)) {
    TF_Function *function =
        TF_GraphToFunction(graph, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()), inputs.data(),
                           static_cast<int>(outputs.size()), outputs.data(), nullptr, nullptr, nullptr, status.status);
    if (TF_GetCode(status.status) == TF_OK) TFE_ContextAddFunction(ContextOf(backend), function, status.status);
    if (function != nullptr) TF_DeleteFunction(function);
  }
  TF_DeleteGraph(graph);
  if (TF_GetCode(status.status) != TF_OK) Throw(env, TF_Message(status.status));
  return nullptr;
}

static napi_value RemoveGraphFunction(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value args[1];
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  TFJSBackend *const backend = GetTFJSBackend(env);
  std::string name;
  if (argc < 1 || !backend || !ReadString(env, args[0], &name)) return nullptr;
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(ContextOf(backend), name.c_str(), status.status);
  if (TF_GetCode(status.status) != TF_OK) Throw(env, TF_Message(status.status));
  return nullptr;
}

static napi_value Init(napi_env env, napi_value exports) {
  exports = InitTFNodeJSBinding(env, exports);
  if (exports == nullptr) return nullptr;
  const napi_property_descriptor methods[] = {
      {"addGraphFunction", nullptr, AddGraphFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"removeGraphFunction", nullptr, RemoveGraphFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, ARRAY_SIZE(methods), methods);
  return exports;
}

NAPI_MODULE(tfe_binding, Init)

}  // namespace tfnodejs
