// A cap on the GPU memory of this process, for workers that share a GPU: FOLDLAB_GPU_MEMORY_FRACTION, more than 0 and at most 1.
//
// tfjs-node makes its context with default options, and TensorFlow has no environment variable for the cap. So the addon is compiled with
// -DTFE_NewContext=foldlab_new_context, and this is that function.

#undef TFE_NewContext

#include <cstdlib>
#include <cstring>
#include <string>

#include "tensorflow/c/eager/c_api.h"

extern "C" TFE_Context *foldlab_new_context(const TFE_ContextOptions *options, TF_Status *status) {
  const char *text = std::getenv("FOLDLAB_GPU_MEMORY_FRACTION");
  const double fraction = text == nullptr ? 0 : std::atof(text);
  if (fraction > 0 && fraction <= 1) {
    // GPUOptions (tensorflow/core/protobuf/config.proto): per_process_gpu_memory_fraction = 1, allow_growth = 4
    std::string gpu("\x09", 1);
    char bytes[sizeof fraction];
    std::memcpy(bytes, &fraction, sizeof fraction);
    gpu.append(bytes, sizeof bytes).append("\x20\x01", 2);
    // ConfigProto: gpu_options = 6
    const std::string config = std::string("\x32", 1) + static_cast<char>(gpu.size()) + gpu;
    TFE_ContextOptionsSetConfig(const_cast<TFE_ContextOptions *>(options), config.data(), config.size(), status);
    if (TF_GetCode(status) != TF_OK) return nullptr;
  }
  return TFE_NewContext(options, status);
}
