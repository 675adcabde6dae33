#include "dsl/foreign_words.h"

#include <algorithm>
#include <span>

namespace deeper {
namespace {

struct ForeignWord {
  std::string_view names;  ///< without case, `_` and `-`, apart by blanks
  std::string_view help;
};

constexpr ForeignWord layers[] = {
    {"conv2d convolution convolution2d conv2dlayer", "it is called `conv` here"},
    {"separableconv2d separableconvolution2d separableconv sepconv", "it is called `separable_conv` here"},
    {"depthwiseconv2d depthwiseconv depthwise convolutiondepthwise depthwiseconvolution",
     "`conv` with `groups` and `out` equal to the input's channels, or a half of `separable_conv`"},
    {"linear fc fullyconnected innerproduct gemm affine matmul", "it is called `dense` here"},
    {"maxpooling2d maxpool2d maxpool maxpooling", "it is called `max_pool` here"},
    {"averagepooling2d averagepool2d averagepool avgpool2d avgpool avepool averagepooling meanpool",
     "it is called `average_pool` here"},
    {"pooling pool2d", "it is called `pool` here, or `max_pool` and `average_pool`"},
    {"globalaveragepooling2d globalaveragepool globalavgpool globalavgpool2d gap adaptiveavgpool2d globalpooling "
     "adaptiveavgpool reducemean",
     "`global_pool: {kind: average}`"},
    {"globalmaxpooling2d globalmaxpool globalmaxpool2d adaptivemaxpool2d", "`global_pool: {kind: max}`"},
    {"batchnormalization batchnorm2d batchnorm bn fusedbatchnorm",
     "`batch_norm`: a key of `conv` for the one behind it, else a layer of its own"},
    {"scale", "Caffe's Scale behind a BatchNorm is part of `batch_norm` here: its gamma and beta"},
    {"localresponsenorm localresponsenormalization norm localresponsenormalisation", "it is called `lrn` here"},
    {"concat concatenate depthconcat filterconcat",
     "`branches` join by concat: write the layers that meet as branches"},
    {"add sum eltwise elementwise addv2", "`residual: {...}` on a layer or block, or `branches` with `join: add`"},
    {"multiply mul", "multiplying maps is not in the language; `residual: {scale: ...}` multiplies by a number"},
    {"flatten reshape squeeze view",
     "no layer: `dense: {flatten: chw}` (PyTorch, Caffe) or `hwc` (Keras) says the order"},
    {"zeropadding2d zeropad2d padding pad constantpad2d", "no layer: the `pad` of the layer behind it takes numbers"},
    {"input inputlayer data placeholder", "no layer: the network's `input: {shape: ...}`"},
    {"output accuracy loss softmaxwithloss", "no layer: `heads` are the outputs"},
    {"identity noop", "leave it out; an empty branch `[]` is the input itself"},
    {"dropout2d spatialdropout2d alphadropout", "it is called `dropout` here; nothing happens in it"},
    {"l2norm l2normalization normalize normalization", "it is called `l2_normalize` here"},
    {"layernorm layernormalization groupnorm groupnormalization instancenorm instancenorm2d",
     "not in the language: its statistics are those of each picture; `batch_norm` has fixed ones"},
    {"upsampling2d upsample conv2dtranspose convtranspose2d deconvolution conv1d conv3d lstm gru attention "
     "multiheadattention resize",
     "not in the language, which holds classifiers of the inception family"},
    {"channelshuffle squeezeexcite squeezeexcitation seblock", "not in the language"},
};

constexpr ForeignWord activations[] = {
    {"swish sish", "it is called `silu` here"},
    {"hardswish hswish", "it is called `hard_swish` here"},
    {"linear identity no null", "it is called `none` here"},
    {"logistic", "it is called `sigmoid` here"},
    {"relun relun6 clippedrelu", "with a bound of 6 it is called `relu6` here"},
    {"leakyrelu leaky lrelu", "`{leaky_relu: slope}`: 0.01 is PyTorch's default, 0.3 Keras'"},
    {"prelu", "a slope per channel is not in the language; where all slopes are the same, `{leaky_relu: slope}`"},
    {"rrelu", "at inference it is `{leaky_relu: slope}` with the mean of its bounds"},
    {"elu selu celu gelu geluplus geluexact mish softplus softsign hardsigmoid hardtanh hardshrink softshrink "
     "logsoftmax logsigmoid softmin tanhshrink threshold thresholdedrelu crelu exponential exp glu swiglu sine sin "
     "maxout quickgelu hardmish relu2 squaredrelu",
     "not in the language, and none of its activations computes the same"},
};

constexpr ForeignWord pads[] = {
    {"same", "TensorFlow's and Keras' SAME is `same_tf`; at stride 1 with odd kernels `same` is the same"},
    {"valid none", "it is called `valid` here"},
    {"sameupper autopadsameupper", "it is called `same_tf` here"},
    {"samelower", "not in the language: numbers, `[top, left, bottom, right]`"},
    {"causal reflect replicate circular symmetric", "pads are zeros here: others are not in the language"},
};

struct KeyEntry {
  std::string_view names;
  ForeignKey key;
};

constexpr std::string_view for_training = "leave it out: it is for training only";
constexpr std::string_view by_what_it_reads = "leave it out: it follows from what the layer reads";

constexpr KeyEntry keys[] = {
    {"filters outchannels outputchannels numoutput numoutputs nout units outfeatures outputdim numfilter numfilters "
     "channelsout nfilters features",
     {"out", ""}},
    {"kernelsize ksize kernelshape windowsize filtersize poolsize windowshape kernelhw field", {"kernel", ""}},
    {"kernelh kernelw kernelheight kernelwidth", {"kernel", "both at once: `[height, width]`"}},
    {"strides step strideshape", {"stride", ""}},
    {"strideh stridew subsample", {"stride", "both at once: `[height, width]`"}},
    {"padding pads autopad padtype border bordermode paddings", {"pad", "TensorFlow's SAME is `same_tf`"}},
    {"padh padw", {"pad", "both at once: `[height, width]`"}},
    {"dilationrate dilations dilate atrousrate rates", {"dilation", ""}},
    {"rate", {"dilation", ""}},
    {"group numgroup numgroups cardinality", {"groups", ""}},
    {"usebias biasterm hasbias withbias", {"bias", ""}},
    {"activationfn activationfunction act nonlinearity", {"activation", ""}},
    {"normalizerfn normalizer batchnormalization batchnorm bn norm usebn", {"batch_norm", "`{eps: 1.0e-3}`"}},
    {"depthwisemultiplier channelmultiplier", {"depth_multiplier", ""}},
    {"epsilon", {"eps", ""}},
    {"affine scale", {"gamma", "true or false"}},
    {"center beta", {"", "a batch norm always has a beta here: one without has zeros in the weights file"}},
    {"localsize depthradius nsize", {"size", "TensorFlow's depth_radius r is `size` 2 r + 1"}},
    {"bias", {"k", ""}},
    {"normregion", {"", "leave it out: `lrn` goes across channels"}},
    {"countincludepad includepad", {"average", "`include_pad` or `exclude_pad`"}},
    {"ceilmode roundmode", {"rounding", "`ceil` or `floor`"}},
    {"pool pooltype mode method", {"kind", "`max` or `average`"}},
    {"globalpooling", {"", "it is the layer `global_pool` here"}},
    {"p dropoutratio keepprob prob", {"rate", ""}},
    {"std stddev stdev variance",
     {"scale", "`scale: 1 / std`, where std is one of values of 0 to 255: PyTorch's 0.229 is `scale: 0.0171247538`"}},
    {"rescale multiplier divisor", {"scale", "Keras' `rescale=1./255` is `scale: 0.00392156862745098`"}},
    {"interpolation resample resizemethod antialias", {"filter", ""}},
    {"centercrop cropsize croppct centralcrop", {"crop", ""}},
    {"imagesize targetsize resizesize shortside", {"resize", ""}},
    {"colormode colororder channelorder channelswap mode swapchannels rgb bgr", {"channels", "`rgb`, `bgr` or `gray`"}},
    {"means meanvalue meanvalues subtract", {"mean", "of values of 0 to 255: PyTorch's 0.485 is 123.675"}},
    {"normalize transform inputmean", {"mean", "with `scale`: `(x - mean) * scale`, x of 0 to 255"}},
    {"name layername", {"id", ""}},
    {"bottom inputs inbound inboundnodes inputfrom", {"in", "needed only where it is not the layer before"}},
    {"type classname op", {"", "the layer's word is its key: `{id: a, conv: {...}}`"}},
    {"momentum decay trainable training kernelinitializer biasinitializer kernelregularizer biasregularizer "
     "activityregularizer weightfiller biasfiller weightdecay lrmult decaymult initializer regularizer "
     "kernelconstraint biasconstraint movingmeaninitializer movingvarianceinitializer usemovingaverage "
     "betainitializer gammainitializer weightsinitializer weightsregularizer trackrunningstats inplace fused seed",
     {"", for_training}},
    {"inchannels infeatures inputshape batchinputshape inputdim inputchannels numfeatures outputshape outshape",
     {"", by_what_it_reads}},
    {"dataformat axis dtype device layout",
     {"", "leave it out: tensors are [height, width, channels] of 32-bit floats here"}},
    {"transformparam phase", {"", for_training}},
};

/// Lower case, without `_`, `-` and blanks; a module in front of it ("nn.", "tf.nn.") is cut.
std::string plain(std::string_view word) {
  const size_t dot = word.rfind('.');
  if (dot != std::string_view::npos) word.remove_prefix(dot + 1);
  std::string out;
  for (const char c : word) {
    if (c == '_' || c == '-' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool among(std::string_view names, std::string_view word) {
  while (!names.empty()) {
    const size_t end = std::min(names.find(' '), names.size());
    if (names.substr(0, end) == word) return true;
    names.remove_prefix(std::min(names.size(), end + 1));
  }
  return false;
}

std::string_view help_in(std::span<const ForeignWord> words, std::string_view word) {
  for (const ForeignWord& each : words)
    if (among(each.names, word)) return each.help;
  return {};
}

}  // namespace

std::string foreign_word_help(ForeignPlace place, std::string_view word) {
  const std::string name = plain(word);
  if (place == ForeignPlace::activation) return std::string(help_in(activations, name));
  if (place == ForeignPlace::pad) return std::string(help_in(pads, name));
  if (const std::string_view layer = help_in(layers, name); !layer.empty()) return std::string(layer);
  const std::string_view function = help_in(activations, name);
  return function.empty() ? std::string() : "an activation: `{activation: ...}`; " + std::string(function);
}

const ForeignKey* foreign_key(std::string_view key, const std::vector<std::string_view>& known) {
  const std::string name = plain(key);
  for (const KeyEntry& each : keys) {
    if (!among(each.names, name)) continue;
    if (each.key.ours.empty() || std::find(known.begin(), known.end(), each.key.ours) != known.end()) return &each.key;
  }
  return nullptr;
}

}  // namespace deeper
